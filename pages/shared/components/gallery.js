// Many cards in one element. Foreign words become text nodes; a card's cover is a real link, so it opens in a new tab too.
// Marks go straight to the server and show at once; a rerun of the page only touches the cards that have changed.
const galleries = new WeakMap();
const PATHS = {
  heart: "M12 20.5 4.2 12.9a5 5 0 0 1 7-7.1l.8.8.8-.8a5 5 0 0 1 7 7.1z",
  star: "m12 3.2 2.7 5.6 6.1.8-4.5 4.2 1.1 6.1-5.4-3-5.4 3 1.1-6.1L3.2 9.6l6.1-.8z",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v6M13.7 10.5v6",
  back: "M9 7 4.5 11.5 9 16M4.5 11.5H14a5 5 0 0 1 0 10h-3",
  play: "M8 5.5v13l10.5-6.5z",
  stop: "M6.5 6.5h11v11h-11z",
  compare: "M4 5h7v14H4zM13 5h7v14h-7z",
};

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function marked(parent, pieces) {
  for (const [text, hit] of pieces) {
    if (hit) add(parent, "mark", "", text);
    else parent.append(document.createTextNode(text));
  }
}

function button(parent, className, path, label, act) {
  const made = add(parent, "button", className);
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", PATHS[path]);
  picture.append(line);
  made.append(picture);
  made.addEventListener("click", act);
  return made;
}

class Gallery {
  constructor(parent) {
    this.head = add(parent, "div", "head");
    this.box = add(parent, "div", "grid");
    this.said = add(parent, "div", "said");
    this.said.setAttribute("role", "status");
    this.cards = new Map(); // id -> { node, shown, item }
    this.picks = new Picks(this, parent);
    this.sending = new Map(); // id -> marks on their way
    this.fanned = new Set(); // ids of the stacks that are laid out
    this.leaving = new Set(); // ids put into the trash, or taken out, until the page no longer shows them
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("focusin", (event) => this.reach(event.target.closest("article")));
  }

  show(data) {
    this.data = data;
    this.box.className = `grid ${data.view} ${data.size}`;
    this.heads();
    const laid = data.items.flatMap((item) => (this.fanned.has(item.id) ? [item, ...(item.under || [])] : [item]));
    const there = new Set(laid.map((item) => item.id));
    for (const id of this.leaving) if (!there.has(id)) this.leaving.delete(id);
    const nodes = laid.map((item) => this.card(item));
    const same = nodes.length === this.box.children.length && nodes.every((node, at) => node === this.box.children[at]);
    if (!same) this.box.replaceChildren(...nodes);
    for (const id of [...this.cards.keys()]) if (!there.has(id)) this.cards.delete(id);
    if (!this.box.querySelector('.cover[tabindex="0"]')) this.reach(this.box.firstElementChild);
    this.picks.show(data);
  }

  heads() {
    this.head.hidden = this.data.view !== "table" || !this.data.items.length;
    this.head.replaceChildren();
    if (!this.head.hidden) for (const one of this.data.heads) add(this.head, "span", "", one);
  }

  card(item) {
    const labels = this.data.labels;
    const shown = JSON.stringify([item, labels, this.fanned.has(item.id)]);
    const known = this.cards.get(item.id);
    if (known && known.shown === shown) return known.node;
    const node = document.createElement("article");
    const now = { node, shown, item: { ...item, ...this.sending.get(item.id) } };
    this.cards.set(item.id, now);
    this.fill(now);
    if (known && known.node.isConnected) {
      const focused = known.node.contains(this.box.getRootNode().activeElement);
      known.node.replaceWith(node);
      if (focused) this.focus(node);
    }
    return node;
  }

  fill(card) {
    const { node, item } = card;
    const cover = add(node, "a", "cover");
    cover.href = this.data.address + encodeURIComponent(item.id) + this.data.query;
    cover.tabIndex = -1;
    const still = add(cover, "div", "still");
    if (item.poster) {
      const picture = add(still, "img", "");
      picture.loading = "lazy";
      picture.alt = "";
      picture.src = "app/static/poster/" + encodeURIComponent(item.poster);
    } else add(still, "span", "blank", item.state);
    if (item.seconds) add(still, "span", "seconds", item.seconds);
    const words = add(cover, "div", "words");
    marked(add(words, "div", "prompt"), item.prompt);
    words.firstElementChild.title = item.prompt.map((piece) => piece[0]).join("");
    if (item.excerpt) marked(add(words, "div", "excerpt"), item.excerpt);
    const facts = add(words, "div", "facts");
    add(facts, "span", "state", item.state);
    for (const fact of item.facts) add(facts, "span", "fact", fact);
    for (const tag of item.tags || []) add(facts, "span", "tag", tag);
    cover.addEventListener("click", (event) => this.open(event, cover));
    if (item.video) card.player = button(node, "play", "play", this.data.labels.play, () => this.play(card));
    if (item.under) this.stack(card);
    this.picks.box(card);
    this.bar(card);
  }

  stack(card) {
    const { node, item } = card, labels = this.data.labels, fanned = this.fanned.has(item.id);
    node.classList.add(fanned ? "fanned" : "stack");
    const row = add(node, "div", "takes");
    const count = add(row, "button", "count", item.count);
    count.type = "button";
    count.title = fanned ? labels.shut : labels.open;
    count.setAttribute("aria-expanded", String(fanned));
    count.addEventListener("click", () => this.fan(card));
    const filmed = [item, ...item.under].filter((one) => one.video).map((one) => one.id);
    if (filmed.length < 2) return;
    const link = add(row, "a", "compare", labels.compare);
    link.href = `compare?ids=${filmed.slice(0, 24).map(encodeURIComponent).join(",")}${filmed.length > 4 ? "&way=playoff" : ""}`;
    link.addEventListener("click", (event) => this.open(event, link));
  }

  fan(card) {
    const id = card.item.id;
    if (!this.fanned.delete(id)) this.fanned.add(id);
    this.show(this.data);
    this.focus(this.cards.get(id).node);
  }

  play(card) {
    const before = this.playing;
    if (before) {
      before.screen.remove();
      before.player.setAttribute("aria-label", (before.player.title = this.data.labels.play));
      before.node.classList.remove("playing");
      this.playing = null;
    }
    if (!before || before.node !== card.node) this.screen(card);
  }

  screen(card) {
    const screen = document.createElement("video");
    Object.assign(screen, { controls: true, loop: true, playsInline: true, className: "screen" });
    screen.src = "app/static/media/" + encodeURIComponent(card.item.video);
    card.player.setAttribute("aria-label", (card.player.title = this.data.labels.stop));
    card.node.classList.add("playing");
    card.node.append(screen);
    this.playing = { node: card.node, player: card.player, screen };
    screen.play().catch(() => { screen.muted = true; screen.play().catch(() => {}); });
  }

  bar(card) {
    const labels = this.data.labels;
    const bar = add(card.node, "div", "bar");
    const rate = (stars) => this.mark(card, "rating", card.item.rating === stars ? null : stars);
    card.heart = button(bar, "heart", "heart", labels.favourite, () =>
      this.mark(card, "favourite", !card.item.favourite));
    const stars = add(bar, "div", "stars");
    stars.setAttribute("role", "group");
    stars.setAttribute("aria-label", labels.rating);
    card.stars = [1, 2, 3, 4, 5].map((one) => button(stars, "star", "star", labels.stars[one - 1], () => rate(one)));
    if (card.item.trashed) button(bar, "move", "back", labels.back, () => this.move(card));
    else if (card.item.ended) button(bar, "move", "bin", labels.trash, () => this.move(card));
    for (const one of card.node.querySelectorAll("button, .compare")) one.tabIndex = -1;
    this.paint(card);
  }

  paint({ item, heart, stars }) {
    heart.setAttribute("aria-pressed", String(Boolean(item.favourite)));
    stars.forEach((star, at) => {
      star.setAttribute("aria-pressed", String(item.rating === at + 1));
      star.classList.toggle("on", (item.rating || 0) > at);
    });
  }

  async mark(card, name, value) {
    const before = card.item[name];
    card.item[name] = value;
    this.sending.set(card.item.id, { ...this.sending.get(card.item.id), [name]: value });
    this.paint(card);
    card.line = (card.line || Promise.resolve()).then(() => this.send(card, name, value, before));
    await card.line;
  }

  async send(card, name, value, before) {
    let kept = false;
    try {
      const answer = await fetch(`api/generations/${encodeURIComponent(card.item.id)}/marks`, {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ [name]: value }),
      });
      kept = answer.ok;
    } catch {
      kept = false;
    }
    const now = this.cards.get(card.item.id) || card;
    const waiting = this.sending.get(card.item.id);
    if (waiting && waiting[name] === value) delete waiting[name];
    if (!kept && now.item[name] === value) {
      now.item[name] = before;
      this.paint(now);
    }
    this.said.textContent = kept ? "" : this.data.labels.failed;
  }

  move(card) {
    const next = card.node.nextElementSibling || card.node.previousElementSibling;
    card.node.classList.add("leaving");
    if (next) this.focus(next);
    this.leaving.add(card.item.id);
    this.tell("moved", { to: card.item.trashed ? "library" : "trash", ids: [...this.leaving] });
  }

  open(event, cover) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // another tab: the browser's own affair
    event.preventDefault();
    // One step in the history, with this address as it stands behind it: Back returns to the same view.
    history.pushState({}, "", cover.href);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }

  reach(node) {
    if (!node) return;
    for (const one of this.box.querySelectorAll('[tabindex="0"]')) if (!node.contains(one)) one.tabIndex = -1;
    for (const one of node.querySelectorAll("a, button")) one.tabIndex = 0;
  }

  focus(node) {
    this.reach(node);
    node.querySelector(".cover").focus();
  }

  pressed(event) {
    const node = event.target.closest("article");
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const cards = [...this.box.children];
    const at = cards.indexOf(node);
    const across = cards.findIndex((one) => one.offsetTop > cards[0].offsetTop);
    const row = across < 1 ? cards.length : across;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row, Home: -at, End: cards.length - 1 - at };
    const card = [...this.cards.values()].find((one) => one.node === node);
    if (event.key in steps) {
      const goal = cards[at + steps[event.key]];
      if (goal) this.focus(goal);
    } else if (event.key === "f") this.mark(card, "favourite", !card.item.favourite);
    else if (/^[1-5]$/.test(event.key)) this.mark(card, "rating", Number(event.key));
    else if (event.key === "0") this.mark(card, "rating", null);
    else if (event.key === "p" && card.item.video) this.play(card);
    else if (event.key === "s" && card.item.under) this.fan(card);
    else if (event.key === "x" || event.key === "X") this.picks.toggle(card.item.id, event.shiftKey);
    else if (event.key === "Escape" && this.picks.chosen.size) this.picks.take([]);
    else if (event.key === "Delete" && (card.item.ended || card.item.trashed)) this.move(card);
    else return;
    event.preventDefault();
  }
}

async function unpacked(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  let shown = galleries.get(parentElement);
  if (!shown) galleries.set(parentElement, (shown = new Gallery(parentElement)));
  shown.tell = setTriggerValue;
  shown.state = setStateValue;
  const coming = unpacked(data); // what was sent later is shown later, however long unpacking took
  shown.line = Promise.all([coming, shown.line]).then(([now]) => shown.show(now));
}
