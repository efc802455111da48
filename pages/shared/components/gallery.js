// Many cards in one element. Foreign words become text nodes; a card is a real link, so it opens in a new tab too.
const grids = new WeakMap();

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function card(item, open) {
  const link = document.createElement("a");
  link.href = "generation?id=" + encodeURIComponent(item.id);
  if (item.poster) {
    const still = add(link, "img", "still");
    still.loading = "lazy";
    still.alt = "";
    still.src = "app/static/poster/" + encodeURIComponent(item.poster);
  } else add(link, "div", "still blank", item.state);
  const words = add(link, "div", "words");
  add(words, "div", "prompt", item.prompt).title = item.prompt;
  const facts = add(words, "div", "facts");
  if (item.poster) add(facts, "span", "state", item.state);
  for (const fact of item.facts) add(facts, "span", "fact", fact);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window: the browser's own affair
    event.preventDefault();
    open(item.id);
  });
  return link;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const shown = JSON.stringify(data);
  let grid = grids.get(parentElement);
  if (!grid) grids.set(parentElement, (grid = { box: add(parentElement, "div", "grid") }));
  grid.open = (id) => setTriggerValue("opened", id);
  if (grid.shown === shown) return;
  grid.shown = shown;
  grid.box.replaceChildren(...data.items.map((item) => card(item, (id) => grid.open(id))));
}
