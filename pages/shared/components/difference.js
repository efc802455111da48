// Two texts as one row of segments: what went and what came is marked by tags, not by colour alone. Text nodes only.
const shown = new WeakMap();

export default function ({ data, parentElement }) {
  const now = JSON.stringify(data);
  let box = shown.get(parentElement);
  if (!box) {
    box = { node: document.createElement("div"), said: "" };
    box.node.className = "difference";
    parentElement.append(box.node);
    shown.set(parentElement, box);
  }
  if (box.said === now) return;
  box.said = now;
  const tags = { same: "span", removed: "del", added: "ins" };
  box.node.replaceChildren(
    ...data.segments.map(([kind, text]) => {
      const part = document.createElement(tags[kind]);
      part.textContent = text;
      return part;
    }),
  );
}
