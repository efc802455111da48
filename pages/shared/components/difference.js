// What went and what came between two texts is marked by tags, not by colour alone: in one row, or, where `names` are
// given, before and after beside each other. Text nodes only.
const shown = new WeakMap();
const TAGS = { same: "span", removed: "del", added: "ins" };

function row(segments) {
  return segments.map(([kind, text]) => {
    const part = document.createElement(TAGS[kind]);
    part.textContent = text;
    return part;
  });
}

function side(name, segments) {
  const pane = document.createElement("section");
  const heading = document.createElement("h4");
  const text = document.createElement("div");
  heading.textContent = name;
  text.append(...row(segments));
  pane.append(heading, text);
  return pane;
}

export default function ({ data, parentElement }) {
  const now = JSON.stringify(data);
  let box = shown.get(parentElement);
  if (!box) {
    box = { node: document.createElement("div"), said: "" };
    parentElement.append(box.node);
    shown.set(parentElement, box);
  }
  if (box.said === now) return;
  box.said = now;
  const without = (kind) => data.segments.filter((one) => one[0] !== kind);
  box.node.className = data.names ? "difference beside" : "difference";
  box.node.replaceChildren(
    ...(data.names
      ? [side(data.names[0], without("added")), side(data.names[1], without("removed"))]
      : row(data.segments)),
  );
}
