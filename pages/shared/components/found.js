// Excerpts with the words of a search marked. Foreign words become text nodes.
export default function ({ data, parentElement }) {
  const list = document.createElement("dl");
  for (const [name, pieces] of data.places) {
    const term = document.createElement("dt");
    term.textContent = name;
    const text = document.createElement("dd");
    for (const [words, hit] of pieces) {
      const part = hit ? document.createElement("mark") : document.createTextNode(words);
      if (hit) part.textContent = words;
      text.append(part);
    }
    list.append(term, text);
  }
  parentElement.querySelector("dl")?.remove();
  parentElement.append(list);
}
