// On a phone the menu lies over the page and Streamlit leaves it open after a tap on a link of ours: fold it away.
export default function () {
  const menu = document.querySelector('[data-testid="stSidebar"]');
  const fold = (event) => {
    const overlaid = window.matchMedia("(max-width: 768px)").matches;
    if (overlaid && event.target.closest("a")) menu.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  menu?.addEventListener("click", fold);
  return () => menu?.removeEventListener("click", fold);
}
