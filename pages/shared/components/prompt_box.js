// Keeps what is being typed in the prompt box, while it is typed, and sends with Ctrl+Enter.
// Listeners sit on the document: Streamlit may replace the text area at any rerun.
const PAUSE_MS = 250;
const boxes = new WeakMap();

function build(parent) {
  const line = document.createElement("div");
  line.className = "saved";
  line.setAttribute("role", "status");
  parent.append(line);
  const box = { line, timer: null, unsaved: null };
  const ours = (event) => event.target.closest?.(".st-key-prompt") && event.target.tagName === "TEXTAREA";
  const folder = location.pathname.replace(/[^/]*$/, "");

  const save = () => {
    clearTimeout(box.timer);
    if (box.unsaved === null) return;
    const text = box.unsaved;
    box.unsaved = null;
    // keepalive lets the last words through while the page goes away; browsers refuse it above 64 kB
    const keepalive = text.length < 20000;
    fetch(folder + "api/drafts/create", { method: "PUT", body: text, keepalive }).then(
      (answer) => { line.textContent = answer.ok ? box.data.saved : box.data.failed; },
      () => { line.textContent = box.data.failed; box.unsaved ??= text; },
    );
  };
  const typed = (event) => {
    if (!ours(event)) return;
    box.unsaved = event.target.value;
    clearTimeout(box.timer);
    box.timer = setTimeout(save, PAUSE_MS);
  };
  // A tall field of the composer is handed over at a pause, as its one-line neighbours are by Streamlit itself: Ctrl+Enter
  // is what a text area hands its words over at.
  const paused = (event) => {
    const field = event.target;
    if (field.tagName !== "TEXTAREA" || !field.closest('[class*="st-key-f-"]')) return;
    clearTimeout(box.pause);
    box.pause = setTimeout(() => {
      if (field.isConnected && document.activeElement === field && !box.composing)
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true }));
    }, 400);
  };
  const begun = () => { box.composing = true; };
  const ended = (event) => { box.composing = false; paused(event); };
  // Half of an emoji cannot travel: Streamlit drops the whole message and with it the click. React must not see it.
  const mended = (event) => {
    if (!ours(event) || event.target.value.isWellFormed?.() !== false) return;
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    set.call(event.target, event.target.value.toWellFormed());
  };
  const left = (event) => { if (ours(event)) save(); };
  const pressed = (event) => {
    if (!ours(event) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    save();
    // the text area hands over its words on the same key press; the click must come after them
    setTimeout(() => document.querySelector(".st-key-generate button:not([disabled])")?.click(), 0);
  };
  document.addEventListener("input", mended, true);
  document.addEventListener("input", typed);
  document.addEventListener("input", paused);
  document.addEventListener("compositionstart", begun);
  document.addEventListener("compositionend", ended);
  document.addEventListener("focusout", left);
  document.addEventListener("keydown", pressed);
  addEventListener("pagehide", save);
  box.stop = () => {
    save();
    boxes.delete(parent);
    line.remove();
    document.removeEventListener("input", mended, true);
    clearTimeout(box.pause);
    document.removeEventListener("input", typed);
    document.removeEventListener("input", paused);
    document.removeEventListener("compositionstart", begun);
    document.removeEventListener("compositionend", ended);
    document.removeEventListener("focusout", left);
    document.removeEventListener("keydown", pressed);
    removeEventListener("pagehide", save);
  };
  return box;
}

export default function ({ data, parentElement }) {
  let box = boxes.get(parentElement);
  if (!box) boxes.set(parentElement, (box = build(parentElement)));
  box.data = data;
  return box.stop;
}
