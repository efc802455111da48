// Twelve frames of a film on one picture. Each cell leads the page's player there and offers the frame as a file.
const sheets = new WeakMap();
const COLUMNS = 4, ROWS = 3;

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

class Sheet {
  constructor(parent) {
    this.root = add(parent, "div", "root");
  }

  show(data) {
    this.data = data;
    this.labels = Object.fromEntries(data.labels);
    this.root.replaceChildren();
    this.said = add(this.root, "div", "said", this.labels.making);
    this.said.setAttribute("role", "status");
    const box = add(this.root, "div", "sheet");
    const picture = add(box, "img", "");
    picture.alt = this.labels.sheet;
    picture.addEventListener("load", () => { this.said.textContent = ""; this.cells(box); });
    picture.addEventListener("error", () => { this.said.textContent = this.labels.failed; box.remove(); });
    picture.src = "app/static/sheet/" + encodeURIComponent(data.video);
    this.files();
  }

  cells(box) {
    this.data.seconds.forEach((at, number) => {
      const cell = add(box, "button", "cell");
      cell.type = "button";
      cell.style.left = `${(number % COLUMNS) * (100 / COLUMNS)}%`;
      cell.style.top = `${Math.floor(number / COLUMNS) * (100 / ROWS)}%`;
      cell.setAttribute("aria-label", this.labels.go.replace("{seconds}", at.toFixed(1)));
      cell.setAttribute("aria-pressed", "false");
      add(cell, "span", "at", `${at.toFixed(1)} s`);
      cell.addEventListener("click", () => this.choose(cell, at));
    });
  }

  choose(cell, at) {
    for (const one of this.root.querySelectorAll(".cell")) one.setAttribute("aria-pressed", String(one === cell));
    const player = this.player();
    if (player) { player.pause(); player.currentTime = at; }
    this.at = at;
  }

  player() {
    return document.querySelector(`video[src*="media/${CSS.escape(this.data.video)}"]`);
  }

  files() {
    const row = add(this.root, "div", "files");
    add(row, "span", "which", this.labels.save);
    for (const kind of ["png", "jpg"]) {
      const link = add(row, "a", "file", kind === "jpg" ? "JPEG" : "PNG");
      link.href = this.address(kind);
      link.addEventListener("click", () => { link.href = this.address(kind); });
    }
  }

  moment() {
    const player = this.player();
    return player ? player.currentTime : this.at || 0;
  }

  address(kind) {
    return `app/static/frame/${encodeURIComponent(this.data.video)}?at=${this.moment().toFixed(3)}&as=${kind}`;
  }
}

export default function ({ data, parentElement }) {
  let sheet = sheets.get(parentElement);
  if (!sheet) sheets.set(parentElement, (sheet = new Sheet(parentElement)));
  const shown = JSON.stringify(data);
  if (sheet.shown === shown) return;
  sheet.shown = shown;
  sheet.show(data);
}
