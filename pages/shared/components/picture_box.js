// A picture that goes with the words: chosen, dropped here, or pasted anywhere on the page. Its bytes go to the server by
// a request of their own, never through a script run; what comes back is the name it is kept under.
const boxes = new WeakMap();

function add(parent, tag, className) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

function build(parent) {
  const root = add(parent, "div", "box");
  const box = { root, image: add(root, "img", "picture"), side: add(root, "div", "side") };
  box.facts = add(box.side, "div", "facts");
  box.button = add(box.side, "button", "choose");
  box.button.type = "button";
  box.hint = add(box.side, "span", "hint");
  box.status = add(box.side, "div", "status");
  box.status.setAttribute("role", "status");
  box.input = add(box.side, "input", "file");
  Object.assign(box.input, { type: "file", accept: "image/jpeg,image/png,image/webp,image/gif", hidden: true });
  return box;
}

async function send(box, file) {
  if (box.busy || box.data.fixed) return;
  const { errors, largest, adding } = box.data;
  const said = (code) => Object.fromEntries(errors)[code] || Object.fromEntries(errors).failed;
  if (file.size > largest) {
    box.status.textContent = said("picture_too_large");
    return;
  }
  const typing = document.activeElement; // a field hands its words over when it is left; the picture must come after them
  if (typing?.matches?.("textarea, input")) {
    typing.blur();
    typing.focus({ preventScroll: true });
  }
  box.busy = true;
  box.status.textContent = adding;
  const folder = location.pathname.replace(/[^/]*$/, "");
  try {
    const answer = await fetch(folder + "api/pictures", { method: "POST", body: file });
    const text = await answer.text();
    box.status.textContent = answer.ok ? "" : said(text);
    if (answer.ok) box.tell("chosen", text);
  } catch {
    box.status.textContent = said("failed");
  } finally {
    box.busy = false;
  }
}

function listen(box) {
  const first = (list) => [...(list || [])].find((file) => file.type.startsWith("image/"));
  const pasted = (event) => {
    const file = first(event.clipboardData?.files);
    if (!file || event.clipboardData.types.includes("text/plain")) return; // words copied with their picture are words
    event.preventDefault();
    send(box, file);
  };
  const over = (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); };
  box.button.addEventListener("click", () => box.input.click());
  box.input.addEventListener("change", () => {
    if (box.input.files[0]) send(box, box.input.files[0]);
    box.input.value = "";
  });
  box.root.addEventListener("dragover", over);
  box.root.addEventListener("drop", (event) => {
    over(event);
    const file = first(event.dataTransfer?.files);
    if (file) send(box, file);
  });
  document.addEventListener("paste", pasted);
  return () => document.removeEventListener("paste", pasted);
}

function show(box, data) {
  box.image.hidden = !data.src;
  if (data.src && box.image.getAttribute("src") !== data.src) box.image.src = data.src;
  box.image.alt = data.alt;
  box.facts.textContent = data.facts;
  box.button.textContent = data.choose;
  box.button.hidden = box.hint.hidden = Boolean(data.fixed);
  box.hint.textContent = data.hint;
  box.input.setAttribute("aria-label", data.choose);
}

export default function ({ data, parentElement, setTriggerValue }) {
  let box = boxes.get(parentElement);
  if (!box) {
    boxes.set(parentElement, (box = build(parentElement)));
    box.deaf = data.fixed ? () => {} : listen(box);
  }
  box.data = data;
  box.tell = setTriggerValue;
  show(box, data);
  return () => {
    box.deaf();
    boxes.delete(parentElement);
    box.root.remove();
  };
}
