"""One run of the Library with 48 cards: its time in the server, and what goes to the browser.

The rows are those of benchmarks/library.py, without videos. Time is that of the page's script run by Streamlit's own
runner (AppTest) through the frame; bytes are those of the WebSocket in a real browser, from a click on the Library in
the menu to its last card.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from pathlib import Path

from benchmarks import ground
from benchmarks.library_rows import build
from db.database import Database

ROWS, RUNS = 10_000, 40
GOAL_MS, GOAL_KB = 150, 60


def script(table: ground.Table) -> None:
    """Add the row of the server's time."""
    from streamlit.testing.v1 import AppTest

    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel("ERROR")
    app = AppTest.from_file(str(Path(ground.PROJECT, "pages", "frame.py")), default_timeout=30).run()
    app.switch_page("library.py").run()
    assert not app.exception
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        app.run()
        times.append((time.perf_counter() - began) * 1000)
    p50, p95 = ground.quantile(times, 0.5), ground.quantile(times, 0.95)
    table.row("one run", f"{p50:.0f} ms, p95 {p95:.0f} ms", goal=f"p50 <= {GOAL_MS} ms", met=p50 <= GOAL_MS)


def sent(table: ground.Table, home: Path) -> None:
    """Add the row of what the browser receives."""
    with ground.dailies(home, None) as server, ground.chromium() as browser, ground.page(browser, server.url) as page:
        received: list[int] = []
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))),
        )
        page.goto(server.url)
        page.get_by_label("Prompt", exact=True).wait_for()
        page.wait_for_timeout(1500)
        received.clear()
        page.get_by_role("link", name="Library").click()
        page.locator(".grid a").nth(47).wait_for()
        page.wait_for_timeout(1500)
        kilobytes = sum(received) / 1000
        table.row("to the browser", f"{kilobytes:.0f} kB", goal=f"<= {GOAL_KB} kB", met=kilobytes <= GOAL_KB)


def main() -> None:
    """Print the table."""
    table = ground.Table(f"The Library page, 48 cards of {ROWS:,} rows", "")
    with tempfile.TemporaryDirectory() as name:
        for variable in [variable for variable in os.environ if variable.startswith("DAILIES_")]:
            del os.environ[variable]
        os.environ["DAILIES_HOME"] = name
        database = Database(f"sqlite:///{Path(name) / 'dailies.db'}")
        database.upgrade()
        build(database, ROWS)
        database.close()
        from pages.shared.runtime import close_runtime

        try:
            script(table)
        finally:
            close_runtime()
        sent(table, Path(name))
    table.show()


if __name__ == "__main__":
    main()
