// A file goes straight to the server's disk; the page hears what came of it.
const made = new WeakMap();

function add(parent, tag, className) {
  const one = document.createElement(tag);
  one.className = className;
  parent.append(one);
  return one;
}

class BringIn {
  constructor(parent) {
    const label = add(parent, "label", "pick");
    this.words = add(label, "span", "words");
    this.input = add(label, "input", "");
    this.input.type = "file";
    this.input.accept = ".zip,.csv,.tsv";
    this.bar = add(parent, "progress", "");
    this.bar.max = 1;
    this.bar.hidden = true;
    this.input.addEventListener("change", () => this.send(this.input.files[0]));
  }

  send(file) {
    if (!file) return;
    const request = new XMLHttpRequest(); // fetch cannot tell how far a body has gone
    request.open("PUT", `api/incoming?name=${encodeURIComponent(file.name)}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { this.bar.value = event.loaded / (event.total || 1); });
    request.addEventListener("loadend", () => {
      const said = request.response || {};
      this.busy(false);
      this.tell("came", request.status === 202 ? { came: said } : { code: said.code || "error" });
    });
    this.busy(true);
    request.send(file);
  }

  busy(now) {
    this.input.disabled = now;
    this.bar.hidden = !now;
    this.bar.value = 0;
    if (!now) this.input.value = "";
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let one = made.get(parentElement);
  if (!one) made.set(parentElement, (one = new BringIn(parentElement)));
  one.tell = setTriggerValue;
  one.words.textContent = data.label;
  one.bar.setAttribute("aria-label", data.sending);
}
