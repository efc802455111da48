// Cards to choose from: one element however many there are. Every card is a real button; words become text nodes.
const grids = new WeakMap();

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function card(item, pick) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.id = item.id;
  if (item.sample) {
    const image = add(button, "img", "sample");
    image.addEventListener("error", () => image.remove()); // no sample could be drawn: the words do
    Object.assign(image, { loading: "lazy", alt: item.alt, width: 320, height: 180, src: item.sample });
  }
  if (item.colours?.length) {
    const strip = add(button, "span", "strip");
    for (const colour of item.colours) add(strip, "span", "colour").style.background = colour;
  }
  add(button, "span", "name", item.name);
  add(button, "span", "hint", item.hint);
  button.addEventListener("click", () => pick(item.id));
  return button;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let grid = grids.get(parentElement);
  if (!grid) {
    grids.set(parentElement, (grid = { box: add(parentElement, "div", "cards") }));
    grid.box.setAttribute("role", "group");
  }
  grid.pick = (id) => setTriggerValue("picked", id);
  const shown = JSON.stringify(data);
  if (grid.shown === shown) return;
  grid.shown = shown;
  grid.box.setAttribute("aria-label", data.label);
  grid.box.replaceChildren(...data.items.map((item) => card(item, (id) => grid.pick(id))));
}
