// The seconds of a film, and what fills them: one row for what happens, one for what is said. Text nodes only.

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function row(parent, name, bars, whole, { late, said }) {
  const line = add(parent, "div", "row");
  add(line, "span", "name", name);
  const track = add(line, "div", "track");
  for (const bar of bars) {
    const seconds = said(bar.end - bar.start);
    const piece = add(track, "div", bar.fits === false ? "bar late" : "bar", bar.label || seconds);
    piece.style.left = (bar.start / whole) * 100 + "%";
    piece.style.width = ((bar.end - bar.start) / whole) * 100 + "%";
    piece.title = bar.label + " · " + seconds + (bar.fits === false ? " · " + late : "");
    piece.setAttribute("role", "listitem");
    piece.setAttribute("aria-label", piece.title);
  }
  track.setAttribute("role", "list");
  track.setAttribute("aria-label", name);
  return track;
}

const drawn = new WeakMap();

export default function ({ data, parentElement }) {
  const shown = JSON.stringify(data);
  let box = drawn.get(parentElement);
  if (!box) drawn.set(parentElement, (box = { root: add(parentElement, "div", "clock") }));
  if (box.shown === shown) return;
  box.shown = shown;
  box.root.replaceChildren();
  const said = (seconds) => data.unit.replace("{seconds}", Math.round(seconds * 10) / 10);
  const whole = Math.max(data.seconds || 0, ...data.bars.map((bar) => bar.end));
  for (const kind of ["beat", "speech"]) {
    const bars = data.bars.filter((bar) => bar.kind === kind);
    if (!bars.length) continue;
    const track = row(box.root, data[kind], bars, whole, { late: data.late, said });
    if (data.seconds && data.seconds < whole) add(track, "div", "end").style.left = (data.seconds / whole) * 100 + "%";
  }
  const scale = add(box.root, "div", "scale");
  add(scale, "span", "", said(0));
  const end = data.seconds ? data.film + ": " + said(data.seconds) : said(whole);
  add(scale, "span", "", end);
}
