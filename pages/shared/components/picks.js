// Which cards of a gallery are chosen. A click on a card's box takes it or leaves it, with Shift all up to the last one;
// they stay chosen while they are on the page. Nothing goes to the server until something shall be done with them.
const MOST_COMPARED = 24;

class Picks {
  constructor(gallery, parent) {
    this.gallery = gallery;
    this.chosen = new Set();
    this.last = "";
    this.bar = document.createElement("div");
    this.bar.className = "picked";
    this.bar.hidden = true;
    this.bar.setAttribute("role", "toolbar");
    parent.append(this.bar);
  }

  show(data) {
    this.allowed = data.picks;
    const ids = (items) => items.map((item) => item.id);
    this.units = data.items.flatMap((item) => { // what a box stands for: a card, or a stack that lies shut
      const under = ids(item.under || []);
      return this.gallery.fanned.has(item.id) ? [[item.id], ...under.map((id) => [id])] : [[item.id, ...under]];
    });
    const there = new Set(this.units.flat());
    this.take([...this.chosen].filter((id) => there.has(id)));
  }

  box(card) {
    const box = document.createElement("button");
    box.className = "pick";
    box.type = "button";
    box.tabIndex = -1;
    box.title = this.gallery.data.labels.pick;
    box.setAttribute("role", "checkbox");
    box.setAttribute("aria-label", this.gallery.data.labels.pick);
    box.addEventListener("click", (event) => this.toggle(card.item.id, event.shiftKey));
    card.pick = box;
    card.node.append(box);
  }

  toggle(id, range) {
    if (!this.allowed) return;
    const chosen = new Set(this.chosen);
    const place = (of) => this.units.findIndex((unit) => unit[0] === of);
    const [from, to] = [place(this.last), place(id)];
    if (range && from >= 0) this.units.slice(Math.min(from, to), Math.max(from, to) + 1).flat().forEach((one) => chosen.add(one));
    else for (const one of this.units[to]) chosen[this.chosen.has(id) ? "delete" : "add"](one);
    this.last = id;
    this.take([...chosen]);
  }

  take(ids) {
    this.chosen = new Set(ids);
    for (const [id, card] of this.gallery.cards) {
      card.pick.hidden = !this.allowed;
      card.pick.setAttribute("aria-checked", String(this.chosen.has(id)));
      card.node.classList.toggle("chosen", this.chosen.has(id));
    }
    this.gallery.box.classList.toggle("choosing", this.chosen.size > 0);
    this.paint();
  }

  paint() {
    const labels = this.gallery.data.labels;
    if (this.spoken !== labels.many) this.speak(labels);
    this.bar.hidden = !this.chosen.size;
    this.beside.hidden = this.chosen.size < 2 || this.chosen.size > MOST_COMPARED;
    this.said.textContent = this.bar.hidden ? "" : labels.picked.replace("{count}", this.chosen.size);
  }

  speak(labels) {
    this.spoken = labels.many;
    this.bar.replaceChildren();
    this.said = document.createElement("span");
    this.said.setAttribute("role", "status");
    this.bar.append(this.said);
    this.act("first", labels.many, () => this.gallery.tell("many", [...this.chosen]));
    this.beside = this.act("", labels.beside, () => this.compare());
    this.act("", labels.every, () => this.take(this.units.flat()));
    this.act("", labels.none, () => this.take([]));
  }

  act(className, label, does) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = label;
    made.addEventListener("click", does);
    this.bar.append(made);
    return made;
  }

  compare() {
    const ids = [...this.chosen].map(encodeURIComponent).join(",");
    history.pushState({}, "", `compare?ids=${ids}${this.chosen.size > 4 ? "&way=playoff" : ""}`);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }
}

