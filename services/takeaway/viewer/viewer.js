"use strict";
// What was taken away, to be looked at without a server. Foreign words become text nodes and nothing else.
const WORDS = {
  en: { title: "Dailies", search: "Search prompts, answers, notes, tags", model: "Every model", tag: "Every tag",
    collection: "Every collection", rating: "Any rating", stars: "{n} and more", newest: "Newest first",
    oldest: "Oldest first", best: "Best rated first", favourite: "Favourites", film: "With a video", count: "{n} of {all}",
    nothing: "Nothing fits. Take a filter away.", empty: "Nothing was taken away.", more: "Show more", details: "Answer and notes",
    notes: "Notes", answer: "Answer", play: "Play", tokens: "{n} tokens", file: "The file", withPicture: "With a picture", sent: "Sent with this picture", other: "中文", gone:
      "The video cannot be played from here. If you opened this page inside the zip, unpack it first." },
  zh: { title: "Dailies 样片", search: "搜索提示词、回答、备注、标签", model: "所有模型", tag: "所有标签", collection: "所有合集",
    rating: "不限评分", stars: "{n} 星及以上", newest: "最新在前", oldest: "最早在前", best: "评分高的在前", favourite: "收藏",
    film: "有视频", count: "{n} / {all}", nothing: "没有符合的。去掉一个筛选条件试试。", empty: "没有导出任何内容。", more: "显示更多",
    details: "回答与备注", notes: "备注", answer: "回答", play: "播放", tokens: "{n} 个 token", file: "文件", withPicture: "带参考图", sent: "一起发送的参考图", other: "English", gone:
      "这里无法播放视频。如果您是在压缩包里打开本页的，请先解压。" },
};
const STATES = {
  en: { held: "About to be sent", queued: "Waiting", sending: "Sending", streaming: "Answering", done: "Done", failed: "Failed",
    rejected: "Refused", not_sent: "Not sent", unknown: "Unclear", incomplete: "Cut short", cancelled: "Cancelled" },
  zh: { held: "即将发送", queued: "等待中", sending: "发送中", streaming: "接收中", done: "完成", failed: "失败", rejected: "被拒绝",
    not_sent: "未发送", unknown: "结果不明", incomplete: "中断", cancelled: "已取消" },
};
const AT_ONCE = 60;
const at = (id) => document.getElementById(id);
const items = JSON.parse(at("items").textContent);
const fold = (text) => text.normalize("NFKC").toLowerCase();
let language = /^zh/i.test(navigator.language) ? "zh" : "en";
let found = [];
let shown = 0;

for (const [place, item] of items.entries()) {
  item.place = place; // within equals the order in which they were made
  item.text = fold([item.prompt, item.answer, item.notes, item.model, ...item.tags, ...item.collections].join("\n"));
}

function word(name, values = {}) {
  return WORDS[language][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function path(name) {
  return name.split("/").map(encodeURIComponent).join("/");
}

function marked(parent, text, wanted) {
  const low = text.toLowerCase();
  if (low.length !== text.length || !wanted.length) return void parent.append(text);
  let from = 0;
  while (from < text.length) {
    const hits = wanted.map((one) => [low.indexOf(one, from), one.length]).filter(([place]) => place >= 0);
    if (!hits.length) break;
    const [place, length] = hits.reduce((first, one) => (one[0] < first[0] ? one : first));
    parent.append(text.slice(from, place));
    add(parent, "mark", "", text.slice(place, place + length));
    from = place + length;
  }
  parent.append(text.slice(from));
}

function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function film(parent, one) {
  const still = add(parent, "button", "still");
  still.type = "button";
  still.setAttribute("aria-label", word("play"));
  if (one.poster) {
    const picture = add(still, "img");
    picture.loading = "lazy";
    picture.alt = "";
    picture.src = path(one.poster);
  }
  if (one.seconds) add(still, "span", "seconds", clock(one.seconds));
  still.addEventListener("click", () => {
    const player = document.createElement("video");
    player.controls = player.loop = player.playsInline = true;
    if (one.poster) player.poster = path(one.poster);
    player.addEventListener("error", () => player.replaceWith(Object.assign(document.createElement("p"),
      { className: "blank", textContent: word("gone") })));
    player.src = path(one.file);
    still.replaceWith(player);
    player.focus();
    player.play().catch(() => {});
  });
}

function card(item, wanted) {
  const node = document.createElement("article");
  for (const one of item.films) film(node, one);
  if (!item.films.length) add(node, "div", "blank", STATES[language][item.state] || item.state);
  const words = add(node, "div", "words");
  marked(add(words, "div", "prompt"), item.prompt, wanted);
  const facts = add(words, "div", "facts");
  if (item.rating) add(facts, "span", "stars", "★".repeat(item.rating));
  if (item.favourite) add(facts, "span", "stars", "♥");
  add(facts, "span", "", item.model);
  add(facts, "span", "", new Date(item.made).toLocaleString(language === "zh" ? "zh-CN" : "en-GB",
    { dateStyle: "medium", timeStyle: "short" }));
  if (item.tokens !== null) add(facts, "span", "", word("tokens", { n: item.tokens }));
  if (item.picture) add(facts, "span", "", word("withPicture"));
  if (item.tags.length) {
    const tags = add(words, "div", "tags");
    for (const tag of item.tags) add(tags, "span", "", tag);
  }
  const rest = add(words, "details");
  add(rest, "summary", "", word("details"));
  rest.addEventListener("toggle", () => node.classList.toggle("open", rest.open));
  for (const name of ["notes", "answer"]) {
    if (!item[name]) continue;
    add(rest, "strong", "", word(name));
    marked(add(rest, "pre"), item[name], wanted);
  }
  if (item.picture) {
    add(rest, "strong", "", word("sent"));
    const link = add(rest, "a", "sent");
    link.href = path(item.picture);
    const picture = add(link, "img");
    picture.loading = "lazy"; // not before the details are opened
    picture.alt = word("sent");
    picture.src = path(item.picture);
  }
  for (const one of item.films) {
    const link = add(add(rest, "div"), "a", "", `${word("file")}: ${one.file}`);
    link.href = path(one.file);
  }
  return node;
}

function asked() {
  return fold(at("search").value).split(/\s+/).filter(Boolean);
}

function more() {
  const wanted = asked();
  at("grid").append(...found.slice(shown, shown + AT_ONCE).map((item) => card(item, wanted)));
  shown = Math.min(found.length, shown + AT_ONCE);
  at("more").hidden = shown >= found.length;
}

function look() {
  const wanted = asked();
  const [model, tag, collection, rating] = ["model", "tag", "collection", "rating"].map((id) => at(id).value);
  found = items.filter((item) =>
    wanted.every((one) => item.text.includes(one) || (one.length > 5 && item.id.startsWith(one))) && (!model || item.model === model) && (!tag || item.tags.includes(tag))
    && (!collection || item.collections.includes(collection)) && (!rating || (item.rating || 0) >= Number(rating))
    && (!at("favourite").checked || item.favourite) && (!at("film").checked || item.films.length));
  const order = at("order").value;
  found.sort((a, b) => (order === "best" ? (b.rating || 0) - (a.rating || 0) : 0)
    || (order === "oldest" ? 1 : -1) * (a.made.localeCompare(b.made) || a.place - b.place));
  at("grid").replaceChildren();
  shown = 0;
  more();
  at("count").textContent = word("count", { n: found.length, all: items.length });
  at("nothing").hidden = found.length > 0;
  at("nothing").textContent = word(items.length ? "nothing" : "empty");
}

function options(id, pairs) {
  const before = at(id).value;
  at(id).replaceChildren(...pairs.map(([value, text]) => new Option(text, value)));
  at(id).setAttribute("aria-label", pairs[0][1]);
  if (pairs.some(([value]) => value === before)) at(id).value = before;
}

function names(of) {
  return [...new Set(items.flatMap(of))].sort().map((name) => [name, name]);
}

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = at("title").textContent = word("title");
  at("search").placeholder = word("search");
  at("search").setAttribute("aria-label", word("search"));
  for (const [id, of] of [["model", (one) => [one.model]], ["tag", (one) => one.tags], ["collection", (one) => one.collections]]) {
    const known = names(of);
    options(id, [["", word(id)], ...known]);
    at(id).hidden = known.length < (id === "model" ? 2 : 1);
  }
  options("rating", [["", word("rating")], ...[1, 2, 3, 4, 5].map((n) => [String(n), word("stars", { n })])]);
  options("order", ["newest", "oldest", "best"].map((name) => [name, word(name)]));
  at("favourite-word").textContent = word("favourite");
  at("film-word").textContent = word("film");
  at("language").textContent = word("other");
  at("more").textContent = word("more");
  look();
}

for (const id of ["search", "model", "tag", "collection", "rating", "order", "favourite", "film"]) {
  at(id).addEventListener(id === "search" ? "input" : "change", look);
}
at("more").addEventListener("click", more);
at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  speak();
});
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, select")) return;
  event.preventDefault();
  at("search").focus();
});
speak();
