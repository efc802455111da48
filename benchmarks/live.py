"""How fast text arrives: from its emission at the endpoint to the DOM, and from the click to the first delta.

The endpoint stamps each delta with its clock; a MutationObserver in the page, on the document and on every open shadow
root, notes the browser's clock when the stamp's text is there. Beside the product, in the same run: a bare page that
reads the same stream (the floor) and a plain `st.write_stream` app.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import ground

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLICKS = 15
SECONDS = 5
SILENT_SECONDS = 0.5  # the stream stays open after its last delta: an answer that is over is shown by another path
# rate in deltas a second, characters shown beforehand, goals for p50 and p95 in milliseconds
CASES = ((10, 0, 8, 12), (10, 10_000, 8, 12), (100, 0, 15, 40), (100, 10_000, 15, 40))
CLICK_GOAL_MS = 130

WATCH = r"""
(() => {
  const stamp = /n(\d+)t(\d+\.\d+);/g;
  let read = new WeakMap(); // how far into each text node we have looked
  const b = (window.bench = { found: new Map(), clicked: 0, first: 0 });
  const look = (node, now) => {
    const text = node.data;
    stamp.lastIndex = Math.min(read.get(node) || 0, text.length);
    for (let one; (one = stamp.exec(text)); ) {
      read.set(node, stamp.lastIndex);
      if (b.found.has(one[1]) || Number(one[2]) * 1000 < b.clicked) continue; // of an earlier answer
      b.found.set(one[1], now - Number(one[2]) * 1000);
      b.first ||= now;
    }
  };
  const walk = (node, now) => {
    if (node.nodeType === 3) return look(node, now);
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) look(texts.currentNode, now);
  };
  const observer = new MutationObserver((records) => {
    const now = performance.timeOrigin + performance.now();
    for (const record of records) {
      if (record.type === "characterData") look(record.target, now);
      else for (const node of record.addedNodes) walk(node, now);
    }
  });
  const what = { childList: true, characterData: true, subtree: true };
  observer.observe(document, what);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    observer.observe(root, what);
    return root;
  };
  addEventListener("click", () => {
    b.found.clear();
    read = new WeakMap(); // frameworks put new text into old nodes
    b.first = 0;
    b.clicked = performance.timeOrigin + performance.now();
  }, true);
})();
"""


class Subject:
    """One way of showing a stream, open in a browser."""

    def __init__(self, name: str, page: Page) -> None:
        self.name = name
        self._page = page
        self._number = 0

    def run(self, count: int, rate: int, shown: int) -> tuple[list[float], float]:
        """Press Generate; return each delta's milliseconds and those from the click to the first."""
        page = self._page
        self._number += 1
        prompt = f"{self.name} {self._number} rate={rate} count={count} shown={shown} silent={SILENT_SECONDS}"
        page.get_by_label("Prompt", exact=True).fill(prompt)
        page.wait_for_timeout(350)  # the draft is saved, the page is quiet
        page.get_by_role("button", name="Generate").click()
        page.wait_for_function(f"bench.found.size >= {count}", timeout=(count / rate + 15) * 1000, polling=200)
        delays: list[float] = page.evaluate("[...bench.found.values()]")
        click: float = page.evaluate("bench.first - bench.clicked")
        page.wait_for_timeout(SILENT_SECONDS * 1000 + 300)
        return delays, click


def main() -> None:
    """Print both tables."""
    arrival = ground.Table("Emission at the endpoint to text in the DOM", "deltas/s", "shown", "n", "p50 ms", "p95 ms")
    clicks = ground.Table("Click on Generate to the first delta in the DOM", "n", "p50 ms", "p95 ms")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        upstream = stack.enter_context(ground.endpoint())
        plain = stack.enter_context(ground.streamlit(ground.PLAIN_APP, upstream))
        ours = stack.enter_context(ground.dailies(home, upstream))
        browser = stack.enter_context(ground.chromium())
        addresses = {"floor": f"{upstream}/floor", "Dailies": ours.url, "st.write_stream": plain.url}
        stack.callback(clicks.show)  # what was measured is shown, also when a later subject fails
        stack.callback(arrival.show)
        for name, address in addresses.items():
            with ground.page(browser, address, WATCH) as page:
                measure(Subject(name, page), arrival, clicks)


def measure(subject: Subject, arrival: ground.Table, clicks: ground.Table) -> None:
    """Add one subject's rows."""
    goals = subject.name == "Dailies"
    subject.run(3, 50, 0)  # not counted: the first use loads what is loaded once
    subject.run(3, 50, 0)
    for rate, shown, p50_goal, p95_goal in CASES:
        delays, _ = subject.run(rate * SECONDS, rate, shown)
        p50, p95 = ground.quantile(delays, 0.5), ground.quantile(delays, 0.95)
        arrival.row(
            subject.name,
            str(rate),
            f"{shown / 1000:.0f} kB",
            str(len(delays)),
            f"{p50:.1f}",
            f"{p95:.1f}",
            goal=f"<= {p50_goal} / {p95_goal}" if goals else "",
            met=(p50 <= p50_goal and p95 <= p95_goal) if goals else None,
        )
    waits = [subject.run(3, 50, 0)[1] for _ in range(CLICKS)]
    p50 = ground.quantile(waits, 0.5)
    clicks.row(
        subject.name,
        str(len(waits)),
        f"{p50:.0f}",
        f"{ground.quantile(waits, 0.95):.0f}",
        goal=f"p50 <= {CLICK_GOAL_MS}" if goals else "",
        met=p50 <= CLICK_GOAL_MS if goals else None,
    )


if __name__ == "__main__":
    main()
