// One small picture of a video, by the id of its poster.
export default function ({ data, parentElement }) {
  const picture = parentElement.querySelector("img") || parentElement.appendChild(document.createElement("img"));
  const address = "app/static/poster/" + encodeURIComponent(data.poster);
  picture.alt = data.alt;
  Object.assign(picture.style, { width: "100%", display: "block", borderRadius: "var(--st-base-radius)" });
  if (picture.getAttribute("src") !== address) picture.setAttribute("src", address);
}
