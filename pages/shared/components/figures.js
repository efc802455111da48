// A table of figures: a name and numbers. On a phone each line becomes a small card. Foreign words become text nodes.
export default function ({ data, parentElement }) {
  const table = document.createElement("table");
  const head = document.createElement("tr");
  for (const words of data.heads) head.append(cell("th", words));
  for (const one of head.children) one.scope = "col";
  table.append(document.createElement("thead"), document.createElement("tbody"));
  table.tHead.append(head);
  for (const row of data.rows) {
    const line = document.createElement("tr");
    row.forEach((words, place) => {
      const one = cell(place ? "td" : "th", words);
      if (place) one.dataset.head = data.heads[place];
      else one.scope = "row";
      if (place && words === data.none) one.className = "none";
      line.append(one);
    });
    table.tBodies[0].append(line);
  }
  parentElement.querySelector("table")?.remove();
  parentElement.append(table);
}

function cell(kind, words) {
  const made = document.createElement(kind);
  made.textContent = words;
  return made;
}
