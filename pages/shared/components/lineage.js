// A family of generations as a picture: real links on a drawing of who came of whom. Arrows go to parent, child, neighbour.
const pictures = new WeakMap();
const WIDE = 150, HIGH = 128, ACROSS = 30, DOWN = 14;

function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function line(svg, from, to) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const x = from.x + WIDE, y = from.y + 40, u = to.x, v = to.y + 40, middle = u - ACROSS / 2;
  path.setAttribute("d", y === v ? `M${x} ${y}H${u}` : `M${x} ${y}H${middle - 8}Q${middle} ${y} ${middle} ${y + 8}V${v - 8}Q${middle} ${v} ${middle + 8} ${v}H${u}`);
  path.setAttribute("class", to.kind);
  svg.append(path);
}

class Picture {
  constructor(parent) {
    this.box = add(parent, "nav", "family");
    this.box.addEventListener("keydown", (event) => this.pressed(event));
  }

  show(data) {
    this.data = data;
    this.box.setAttribute("aria-label", data.label);
    const sheet = document.createElement("div");
    sheet.className = "sheet";
    const nodes = data.nodes.map((node) => ({ ...node, x: node.column * (WIDE + ACROSS), y: node.row * (HIGH + DOWN) }));
    const wide = Math.max(...nodes.map((node) => node.x)) + WIDE, high = Math.max(...nodes.map((node) => node.y)) + HIGH;
    Object.assign(sheet.style, { width: `${wide}px`, height: `${high}px` });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    svg.setAttribute("aria-hidden", "true");
    sheet.append(svg);
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes) if (this.nodes.has(node.parent)) line(svg, this.nodes.get(node.parent), node);
    for (const node of nodes) this.node(sheet, node);
    this.box.replaceChildren(sheet);
    const here = nodes.find((node) => node.here);
    if (here) this.box.scrollTo(here.x - WIDE - ACROSS - 4, here.y - HIGH);
  }

  node(sheet, node) {
    const link = add(sheet, "a", `node ${node.kind}${node.here ? " here" : ""}${node.trashed ? " trashed" : ""}`);
    Object.assign(link.style, { left: `${node.x}px`, top: `${node.y}px` });
    link.href = "generation?id=" + encodeURIComponent(node.id);
    link.title = node.title;
    link.tabIndex = node.here ? 0 : -1;
    if (node.here) link.setAttribute("aria-current", "page");
    const still = add(link, "span", "still");
    if (node.poster) {
      const picture = add(still, "img", "");
      picture.alt = "";
      picture.loading = "lazy";
      picture.src = "app/static/poster/" + encodeURIComponent(node.poster);
    } else add(still, "span", "blank", node.state);
    if (node.stars) add(still, "span", "stars", node.stars);
    add(link, "span", "change", node.change);
    add(link, "span", "when", node.when);
    link.addEventListener("click", (event) => this.open(event, link, node));
    node.link = link;
  }

  open(event, link, node) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // another tab: the browser's own affair
    event.preventDefault();
    if (node.here) return;
    history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }

  pressed(event) {
    const here = [...this.nodes.values()].find((node) => node.link === event.target);
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...this.nodes.values()];
    const beside = all.filter((node) => node.column === here.column).sort((a, b) => a.row - b.row);
    const goal = {
      ArrowLeft: () => this.nodes.get(here.parent),
      ArrowRight: () => all.find((node) => node.parent === here.id),
      ArrowUp: () => beside[beside.indexOf(here) - 1],
      ArrowDown: () => beside[beside.indexOf(here) + 1],
      Home: () => all.find((node) => node.column === 0),
    }[event.key]?.();
    if (!goal) return;
    event.preventDefault();
    for (const node of all) node.link.tabIndex = node === goal ? 0 : -1;
    goal.link.focus();
  }
}

export default function ({ data, parentElement }) {
  let picture = pictures.get(parentElement);
  if (!picture) pictures.set(parentElement, (picture = new Picture(parentElement)));
  const said = JSON.stringify(data);
  if (picture.said === said) return;
  picture.said = said;
  picture.show(data);
}
