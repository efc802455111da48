// Two to four players as one: one clock, one bar, one sound. Whoever is heard leads, else the longest; the others are
// drawn along by a slightly other speed, and set where they belong when they are far off.
const shows = new WeakMap();
const FAR = 0.35; // seconds: from here on set, not drawn
const CLOSE = 0.006; // seconds: near enough to leave alone
const DRAW = 3, MOST_DRAW = 0.4; // speed per second of distance, and its limit
const EDGE = 0.04; // seconds before its end a player counts as ended
const SPEEDS = [0.25, 0.5, 1, 1.5, 2];
const PATHS = {
  play: "M8 5v14l11-7z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  back: "M16.5 5.5v13L8 12zM5.5 5.5H8v13H5.5z",
  on: "M7.5 5.5v13L16 12zM16 5.5h2.5v13H16z",
  loop: "M7 7h9a4 4 0 0 1 4 4v1h-2v-1a2 2 0 0 0-2-2H7v3L3 8l4-4zM17 17H8a4 4 0 0 1-4-4v-1h2v1a2 2 0 0 0 2 2h9v-3l4 4-4 4z",
};

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function press(parent, className, text, act) {
  const made = add(parent, "button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function draw(node, path) {
  if (node.drawn === path) return;
  node.drawn = path;
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", PATHS[path]);
  picture.append(shape);
  node.replaceChildren(picture);
}

class Player {
  constructor(item, show) {
    this.node = document.createElement("figure");
    this.node.dataset.id = item.id;
    const frame = add(this.node, "div", "frame");
    this.video = add(frame, "video", "");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.preload = "auto";
    this.video.src = "app/static/media/" + encodeURIComponent(item.video);
    if (item.poster) this.video.poster = "app/static/poster/" + encodeURIComponent(item.video);
    this.broken = add(frame, "div", "broken");
    this.broken.hidden = true;
    this.number = add(frame, "span", "number");
    this.caption = add(this.node, "figcaption", "");
    this.video.addEventListener("click", () => show.toggle());
    this.video.addEventListener("loadedmetadata", () => show.measured());
    this.video.addEventListener("error", () => { this.broken.hidden = false; show.measured(); });
    if (this.video.requestVideoFrameCallback) this.learn(show, 0);
  }

  learn(show, before) {
    this.video.requestVideoFrameCallback((_now, { mediaTime }) => {
      const frame = mediaTime - before;
      if (frame > 0.008 && frame < show.frame) show.frame = frame;
      this.learn(show, mediaTime);
    });
  }

  say(item, at, show) {
    const labels = show.labels;
    this.item = item;
    this.video.setAttribute("aria-label", `${at + 1}. ${item.title}`);
    this.number.textContent = at + 1;
    this.broken.textContent = labels.broken;
    this.caption.replaceChildren();
    const link = add(this.caption, "a", "", item.title);
    link.href = "generation?id=" + encodeURIComponent(item.id);
    for (const fact of item.facts) add(this.caption, "span", "fact", fact);
    const row = add(this.caption, "div", "row");
    this.sound = press(row, "sound", "", () => show.hear(show.heard === this.item.id ? "" : this.item.id));
    if (labels.choose) press(row, "choose", `${labels.choose} (${at + 1})`, () => show.choose(at));
  }

  get length() {
    return Number.isFinite(this.video.duration) ? this.video.duration : 0;
  }

  get usable() {
    return !this.video.error && this.length > 0;
  }

  ended(at) {
    return at >= this.length - EDGE;
  }
}

class Show {
  constructor(parent) {
    this.root = add(parent, "div", "show");
    this.root.setAttribute("role", "group");
    this.grid = add(this.root, "div", "players");
    this.bar = add(this.root, "div", "bar");
    this.players = [];
    this.known = new Map(); // id -> Player
    this.heard = "";
    this.rate = 1;
    this.loop = true;
    this.frame = 1 / 24; // seconds, until a shorter one is seen
    this.playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.buttons();
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  buttons() {
    this.go = press(this.bar, "go", "", () => this.toggle());
    this.back = press(this.bar, "step", "", () => this.step(-1));
    this.on = press(this.bar, "step", "", () => this.step(1));
    this.at = add(this.bar, "input", "at");
    Object.assign(this.at, { type: "range", min: 0, max: 1, step: 0.01, value: 0 });
    this.at.addEventListener("input", () => this.seek(Number(this.at.value)));
    this.time = add(this.bar, "span", "time");
    this.speed = add(this.bar, "select", "speed");
    for (const rate of SPEEDS) Object.assign(add(this.speed, "option", "", `${rate}×`), { value: rate });
    this.speed.value = 1;
    this.speed.addEventListener("change", () => this.run(Number(this.speed.value)));
    this.again = press(this.bar, "loop", "", () => { this.loop = !this.loop; this.paint(); });
  }

  show(data) {
    this.labels = Object.fromEntries(data.labels);
    const now = JSON.stringify([data.items, data.labels]);
    if (now === this.said) return;
    const before = this.players.map((player) => player.item.id).join();
    this.said = now;
    this.root.setAttribute("aria-label", this.labels.group);
    this.players = data.items.map((item, at) => {
      const player = this.known.get(item.id) || new Player(item, this);
      player.say(item, at, this);
      return player;
    });
    this.known = new Map(this.players.map((player) => [player.item.id, player]));
    if (!this.known.has(this.heard)) this.heard = "";
    this.grid.className = `players of${this.players.length}`;
    const nodes = this.players.map((player) => player.node);
    if (nodes.some((node, at) => node !== this.grid.children[at]) || nodes.length !== this.grid.children.length)
      this.grid.replaceChildren(...nodes);
    if (before !== this.players.map((player) => player.item.id).join()) this.seek(0); // a new pair begins together
    this.paint();
    this.tick();
  }

  measured() {
    const most = Math.max(0, ...this.players.map((player) => player.length));
    this.at.max = most || 1;
    this.paint();
  }

  lead() {
    const able = this.players.filter((player) => player.usable);
    const going = able.filter((player) => !player.ended(player.video.currentTime));
    const heard = going.find((player) => player.item.id === this.heard);
    return heard || [...able].sort((a, b) => b.length - a.length)[0];
  }

  get position() {
    return this.lead()?.video.currentTime || 0;
  }

  toggle() {
    if (this.playing) this.halt(this.position);
    else {
      this.playing = true;
      if (this.lead()?.ended(this.position)) this.seek(0);
      this.paint();
      this.tick();
    }
  }

  halt(at) {
    this.playing = false;
    for (const player of this.players) player.video.pause();
    this.seek(at);
  }

  step(count) {
    this.halt(Math.max(0, this.position + count * this.frame));
  }

  seek(to) {
    for (const player of this.players)
      if (player.usable) player.video.currentTime = Math.min(to, Math.max(0, player.length - EDGE / 2));
      else if (to === 0) player.video.currentTime = 0;
    this.paint();
  }

  run(rate) {
    this.rate = rate;
    this.speed.value = rate;
  }

  hear(id) {
    this.heard = id;
    this.paint();
  }

  choose(at) {
    const winner = this.players[at], loser = this.players[1 - at];
    if (!winner || !loser || this.chosen === this.said) return;
    this.chosen = this.said; // one choice a pair, however fast the keys are
    winner.node.classList.add("won");
    setTimeout(() => winner.node.classList.remove("won"), 600);
    setTimeout(() => { this.chosen = ""; }, 3000); // it could not be kept: it may be said again
    this.tell("chosen", { winner: winner.item.id, loser: loser.item.id });
  }

  paint() {
    const labels = this.labels;
    if (!labels) return;
    const name = (node, text) => { node.title = text; node.setAttribute("aria-label", text); };
    draw(this.go, this.playing ? "pause" : "play");
    draw(this.back, "back");
    draw(this.on, "on");
    draw(this.again, "loop");
    name(this.go, this.playing ? labels.pause : labels.play);
    name(this.back, labels.back);
    name(this.on, labels.on);
    name(this.at, labels.at);
    name(this.speed, labels.speed);
    name(this.again, labels.loop);
    this.again.setAttribute("aria-pressed", String(this.loop));
    for (const player of this.players) {
      const heard = player.item.id === this.heard;
      player.video.muted = !heard;
      player.sound.textContent = heard ? labels.heard : labels.hear;
      player.sound.setAttribute("aria-pressed", String(heard));
    }
    this.clock();
  }

  clock() {
    const most = Number(this.at.max), at = this.position;
    if (this.root.getRootNode().activeElement !== this.at || this.playing) this.at.value = at;
    this.time.textContent = `${at.toFixed(2)} / ${most.toFixed(2)} s`;
  }

  tick() {
    if (this.ticking) return;
    this.ticking = true;
    const round = () => {
      if (!this.root.isConnected) { this.ticking = false; for (const one of this.players) one.video.pause(); return; }
      this.together();
      if (this.playing) requestAnimationFrame(round);
      else this.ticking = false;
    };
    requestAnimationFrame(round);
  }

  together() {
    const able = this.players.filter((player) => player.usable);
    const lead = this.lead();
    if (!lead) return;
    const at = lead.video.currentTime;
    const going = able.filter((player) => !player.ended(Math.max(at, player.video.currentTime)));
    if (!going.length && this.playing) {
      if (this.loop) this.seek(0);
      else { this.playing = false; this.paint(); }
    }
    const waits = going.some((player) => player.video.readyState < 3 || player.video.seeking);
    for (const player of able) {
      const video = player.video, runs = this.playing && going.includes(player) && !waits;
      if (runs && video.paused) video.play().catch(() => { this.playing = false; this.paint(); });
      if (!runs && !video.paused) video.pause();
      if (player !== lead && runs) this.draw(video, at);
      else if (video.playbackRate !== this.rate) video.playbackRate = this.rate;
    }
    this.clock();
  }

  draw(video, at) {
    const off = at - video.currentTime;
    if (Math.abs(off) > FAR * Math.max(1, this.rate)) video.currentTime = at;
    const speed = Math.max(-MOST_DRAW, Math.min(MOST_DRAW, off * DRAW));
    const rate = this.rate * (1 + (Math.abs(off) < CLOSE ? 0 : speed));
    if (Math.abs(video.playbackRate - rate) > 0.004) video.playbackRate = rate;
  }

  pressed(event) {
    if (!this.root.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.composedPath()[0];
    if (on.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(on.tagName)) {
      if (on !== this.at) return;
    }
    const number = Number(event.key);
    if (event.key === " " && !/^(BUTTON|A)$/.test(on.tagName)) this.toggle();
    else if (event.key === "," || (event.key === "ArrowLeft" && this.root.contains(on) && on !== this.at)) this.step(-1);
    else if (event.key === "." || (event.key === "ArrowRight" && this.root.contains(on) && on !== this.at)) this.step(1);
    else if (event.key === "l") { this.loop = !this.loop; this.paint(); }
    else if (number >= 1 && number <= this.players.length) {
      const id = this.players[number - 1].item.id;
      if (this.labels.choose) this.choose(number - 1);
      else this.hear(this.heard === id ? "" : id);
    } else return;
    event.preventDefault();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let show = shows.get(parentElement);
  if (!show) shows.set(parentElement, (show = new Show(parentElement)));
  show.tell = setTriggerValue;
  show.show(data);
}
