"""What doing nothing costs, and what a start costs beside a bare Streamlit app's."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import ground
from services.runtime import start
from services.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IDLE_SECONDS = 12.0
SETTLE_SECONDS = 5.0
PAIRS = 4
CPU_GOAL, RSS_GOAL, START_GOAL = 2.0, 180, 1.2


def fill(home: Path) -> None:
    """Make a Library: four generations of the demo endpoint with real videos."""
    runtime = start(Settings(home=home, undo_seconds=0.0, demo_pace=0.05))
    try:
        ground.wait_until(runtime.health, 30)
        generations = runtime.for_person("local").generations
        for number in range(4):
            generations.submit(f"A kite over the sea, take {number}", nonce=str(number))
        ids = [one.id for one in generations.newest(limit=4)]
        ground.wait_until(
            lambda: all(any(video.state == "kept" for video in generations.get(id).videos) for id in ids), 60
        )
    finally:
        runtime.close()


def percent_of_a_core(pid: int) -> float:
    """Return how much processor time a while of idling took, in percent."""
    before, began = ground.cpu_seconds(pid), time.monotonic()
    time.sleep(IDLE_SECONDS)
    return (ground.cpu_seconds(pid) - before) / (time.monotonic() - began) * 100


def idle(browser: Browser, home: Path, table: ground.Table) -> None:
    """Add the rows of a server that has nothing to do."""
    goal = f"<= {CPU_GOAL:.0f} %"
    with ground.dailies(home, None) as server:
        time.sleep(SETTLE_SECONDS)
        used = percent_of_a_core(server.pid)
        table.row("idle, nobody looking", f"{used:.2f} % of a core", goal=goal, met=used <= CPU_GOAL)
        with ground.page(browser, f"{server.url}/library") as page:
            page.locator(".grid a").first.wait_for()
            time.sleep(SETTLE_SECONDS)
            used = percent_of_a_core(server.pid)
            memory = ground.rss_mb(server.pid)
        table.row("idle, Library open", f"{used:.2f} % of a core", goal=goal, met=used <= CPU_GOAL)
        table.row("resident, Library open", f"{memory:.0f} MB", goal=f"<= {RSS_GOAL} MB", met=memory <= RSS_GOAL)
    with ground.streamlit(ground.BARE_APP) as server, ground.page(browser, server.url) as page:
        page.get_by_label("Prompt", exact=True).wait_for()
        time.sleep(SETTLE_SECONDS)
        table.row("idle, bare Streamlit, page open", f"{percent_of_a_core(server.pid):.2f} % of a core")
        table.row("resident, bare Streamlit, page open", f"{ground.rss_mb(server.pid):.0f} MB")


def started(browser: Browser, serving: AbstractContextManager[ground.Server]) -> tuple[float, float]:
    """Start a server; return its processor seconds and the wall seconds until the prompt box can be typed in."""
    began = time.monotonic()
    with serving as server:
        health = "/_stcore/health"
        ground.wait_until(lambda: ground.reachable(server.url + health), 30)
        with ground.page(browser, server.url) as page:
            page.locator("textarea:enabled").first.wait_for()
            return ground.cpu_seconds(server.pid), time.monotonic() - began


def starts(browser: Browser, table: ground.Table, scratch: Path) -> None:
    """Add the rows of the starts: interleaved, the first round not counted."""
    home = scratch / "again"
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(PAIRS + 1):
        round_of = {
            "bare Streamlit": ground.streamlit(ground.BARE_APP, ready=False),
            "Dailies": ground.dailies(home, None, ready=False),
        }
        for name, serving in round_of.items():
            measured = started(browser, serving)
            if number:
                found.setdefault(name, []).append(measured)
    bare = [cpu for cpu, _ in found["bare Streamlit"]]
    for name, both in found.items():
        cpu, wall = statistics.median(one for one, _ in both), statistics.median(one for _, one in both)
        ratio = statistics.median(one / other for (one, _), other in zip(both, bare, strict=True))
        counts = name == "Dailies"
        table.row(
            f"start to enabled prompt box: {name}",
            f"{cpu:.2f} s CPU, {wall:.1f} s wall, ratio {ratio:.2f}",
            goal=f"ratio <= {START_GOAL}" if counts else "",
            met=ratio <= START_GOAL if counts else None,
        )


def main() -> None:
    """Print the table."""
    table = ground.Table("Doing nothing, and starting", "")
    with tempfile.TemporaryDirectory() as name, ground.chromium() as browser, ExitStack() as shown:
        shown.callback(table.show)  # what was measured is shown, also when a later part fails
        fill(Path(name, "home"))
        idle(browser, Path(name, "home"), table)
        starts(browser, table, Path(name))


if __name__ == "__main__":
    main()
