// The clips of a night in turn. A verdict shows at once and goes straight to the server; the page runs again only to bring
// its lists up to date, and a rerun never disturbs the clip that plays. Foreign words become text nodes.
const reels = new WeakMap();
const KEYS = { k: "keep", b: "bin", a: "again", z: "undo", ArrowRight: "after", ArrowLeft: "before", " ": "pause" };
const SAID = { keep: "kept", bin: "binned", again: "to_again", sent: "sent", "": "open" };

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

class Reel {
  constructor(parent) {
    this.box = add(parent, "div", "reel");
    const head = add(this.box, "div", "head");
    this.place = add(head, "span", "place");
    this.said = add(head, "span", "said");
    this.more = add(head, "a", "more");
    this.video = add(add(this.box, "div", "screen"), "video", "");
    Object.assign(this.video, { controls: true, loop: true, muted: true, playsInline: true, autoplay: true });
    this.prompt = add(this.box, "div", "prompt");
    const row = add(this.box, "div", "row");
    this.buttons = {};
    for (const [name, key] of [["keep", "K"], ["bin", "B"], ["again", "A"], ["undo", "Z"], ["before"], ["after"]]) {
      const button = add(row, "button", name === "before" ? "push" : "");
      button.type = "button";
      button.dataset.act = name;
      button.addEventListener("click", () => this.act(name));
      this.buttons[name] = { button, word: add(button, "span", "") };
      if (key) add(button, "kbd", "", key);
    }
    this.strip = add(this.box, "div", "strip");
    this.status = add(this.box, "div", "status");
    this.status.setAttribute("role", "status");
    this.keys = add(this.box, "div", "keys");
    this.at = -1;
    this.done = []; // what was said, newest last: { id, before, at }
    this.own = new Map(); // id -> what was said here last
    this.verdicts = new Map();
    this.line = Promise.resolve();
    this.pressed = this.pressed.bind(this);
    document.addEventListener("keydown", this.pressed);
  }

  show(data) {
    this.labels = Object.fromEntries(data.labels);
    this.clips = data.clips;
    // What was said here is newer than whatever a run of the page has read meanwhile.
    for (const clip of this.clips)
      this.verdicts.set(clip.id, clip.verdict === "sent" ? "sent" : this.own.get(clip.id) ?? clip.verdict);
    for (const [name, { button, word }] of Object.entries(this.buttons)) {
      word.textContent = { before: "←", after: "→" }[name] || this.labels[name];
      button.setAttribute("aria-label", this.labels[name]);
      button.title = this.labels[name];
    }
    this.keys.textContent = this.labels.keys;
    this.film();
    const open = this.clips.findIndex((clip) => !this.verdicts.get(clip.id));
    const more = this.over && open >= 0; // a clip was saved after the last one had been judged
    if (more) this.tellStatus("");
    if (more || this.at < 0 || this.at >= this.clips.length) this.go(Math.max(open, 0));
    else this.paint();
  }

  film() {
    const ids = this.clips.map((clip) => clip.id).join();
    if (this.filmed === ids) return;
    this.filmed = ids;
    this.strip.replaceChildren();
    this.frames = this.clips.map((clip, at) => {
      const frame = add(this.strip, "button", "");
      frame.type = "button";
      if (clip.poster) {
        const still = add(frame, "img", "");
        still.alt = "";
        still.loading = "lazy";
        still.src = "app/static/poster/" + encodeURIComponent(clip.video);
      } else add(frame, "span", "blank");
      const mark = add(frame, "span", "mark");
      frame.addEventListener("click", () => this.go(at));
      return { frame, mark };
    });
  }

  go(at) {
    if (at < 0 || at >= this.clips.length) return;
    this.at = at;
    const clip = this.clips[at];
    const source = "app/static/media/" + encodeURIComponent(clip.video);
    if (this.video.getAttribute("src") !== source) {
      this.video.setAttribute("src", source);
      this.video.play?.().catch(() => {});
    }
    this.video.setAttribute("aria-label", clip.prompt);
    this.paint();
    this.frames[at].frame.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  paint() {
    const clip = this.clips[this.at];
    const verdict = this.verdicts.get(clip.id) || "";
    const place = this.labels.place.replace("{number}", this.at + 1).replace("{count}", this.clips.length);
    this.place.textContent = place;
    this.said.textContent = this.labels[SAID[verdict]];
    this.prompt.textContent = clip.prompt;
    this.more.textContent = this.labels.more;
    this.more.href = "generation?id=" + encodeURIComponent(clip.id);
    for (const name of ["keep", "bin", "again"]) {
      this.buttons[name].button.setAttribute("aria-pressed", String(verdict === name));
      this.buttons[name].button.disabled = verdict === "sent";
    }
    this.buttons.undo.button.disabled = !this.done.length;
    this.buttons.before.button.disabled = this.at === 0;
    this.buttons.after.button.disabled = this.at === this.clips.length - 1;
    this.frames.forEach(({ frame, mark }, at) => {
      const word = this.labels[SAID[this.verdicts.get(this.clips[at].id) || ""]];
      mark.textContent = word;
      frame.setAttribute("aria-label", this.labels.place.replace("{number}", at + 1).replace("{count}", this.clips.length) + ": " + word);
      frame.setAttribute("aria-current", String(at === this.at));
    });
  }

  act(name) {
    if (name === "before") this.go(this.at - 1);
    else if (name === "after") this.go(this.at + 1);
    else if (name === "pause") this.video.paused ? this.video.play() : this.video.pause();
    else if (name === "undo") this.undo();
    else this.judge(name);
  }

  judge(verdict) {
    const { id } = this.clips[this.at];
    const before = this.verdicts.get(id) || "";
    if (before === "sent") return;
    this.done.push({ id, before, at: this.at });
    this.say(id, verdict, before);
    const rest = [...this.clips.keys()].map((step) => (this.at + 1 + step) % this.clips.length);
    const next = rest.find((at) => !this.verdicts.get(this.clips[at].id));
    this.over = next === undefined;
    if (this.over) this.tellStatus(this.labels.over);
    else this.go(next);
    this.paint();
  }

  undo() {
    const last = this.done.pop();
    if (!last) return;
    this.over = false;
    this.tellStatus("");
    this.say(last.id, last.before, this.verdicts.get(last.id) || "");
    this.go(this.clips.findIndex((clip) => clip.id === last.id));
    this.paint();
  }

  say(id, verdict, before) {
    this.verdicts.set(id, verdict);
    this.own.set(id, verdict);
    this.line = this.line.then(() => this.send(id, verdict, before)); // in order: an undo never overtakes
  }

  async send(id, verdict, before) {
    let kept = false;
    try {
      const answer = await fetch("api/generations/" + encodeURIComponent(id) + "/verdict", {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ verdict: verdict || null }),
      });
      kept = answer.ok;
    } catch {
      kept = false;
    }
    if (!kept && this.own.get(id) === verdict) {
      this.own.set(id, before);
      this.verdicts.set(id, before);
      this.tellStatus(this.labels.failed, true);
      this.paint();
    } else if (kept) this.tell("said", id + " " + verdict);
  }

  tellStatus(text, bad = false) {
    this.status.textContent = text;
    this.status.classList.toggle("bad", bad);
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const on = event.composedPath()[0];
    if (on.closest?.("input, textarea, select, [contenteditable], [role=dialog]")) return;
    const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name || (name === "pause" && on.closest?.("button, a, video"))) return;
    if (name !== "undo" && this.buttons[name]?.button.disabled) return;
    event.preventDefault();
    this.act(name);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let reel = reels.get(parentElement);
  if (!reel) reels.set(parentElement, (reel = new Reel(parentElement)));
  reel.tell = setTriggerValue;
  reel.show(data);
  return () => {
    document.removeEventListener("keydown", reel.pressed);
    reels.delete(parentElement);
    reel.box.remove();
  };
}
