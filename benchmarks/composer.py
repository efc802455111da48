"""How long one run of Create takes in the server: the plain box, and the composer with all 18 fields open and full.

Measured where a person's click meets it: the script of the page run by Streamlit's own runner (AppTest), through the
frame, on a real data folder; browser and network are not in it. A run is that after a click in a field.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from benchmarks import ground

RUNS = 40
GOAL_MS = 100


def main() -> None:
    """Print the table."""
    table = ground.Table("One run of Create in the server", "n", "p50 ms", "p95 ms", "processor p50 ms")
    with tempfile.TemporaryDirectory() as home:
        for name in [name for name in os.environ if name.startswith("DAILIES_")]:
            del os.environ[name]
        os.environ["DAILIES_HOME"] = home
        from pages.shared.runtime import close_runtime

        try:
            measure(table)
        finally:
            close_runtime()
    table.show()


def measure(table: ground.Table) -> None:
    """Add a row for each way the page can stand."""
    from streamlit.testing.v1 import AppTest

    from pages.shared.people import LOCAL
    from pages.shared.runtime import get_runtime
    from services.prompts.desk import Desk
    from tests.prompts.some import QUAY

    frame = str(Path(ground.PROJECT, "pages", "frame.py"))
    me = get_runtime().for_person(LOCAL)
    me.composing.put(Desk(), Desk(QUAY))

    def opened(*, fields: bool, section: str) -> AppTest:
        me.preferences.set("compose_open", "1" if fields else "")
        app = AppTest.from_file(frame, default_timeout=30).run()
        if fields:
            app.radio(key="compose-section").set_value(section).run()
        return app

    _row(table, "the plain box", opened(fields=False, section=""))
    _row(table, "the composer, first part", opened(fields=True, section="scene"))
    _row(table, "the composer, all fields open and full", opened(fields=True, section="all"), goal=True)


def _row(table: ground.Table, name: str, app: object, *, goal: bool = False) -> None:
    from streamlit.testing.v1 import AppTest

    assert isinstance(app, AppTest)
    times, worked = [], []
    for _ in range(RUNS):
        began, before = time.perf_counter(), time.process_time()
        app.run()
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - before) * 1000)
    assert not app.exception
    p50, p95 = ground.quantile(times, 0.5), ground.quantile(times, 0.95)
    table.row(
        name,
        str(RUNS),
        f"{p50:.0f}",
        f"{p95:.0f}",
        f"{ground.quantile(worked, 0.5):.0f}",
        goal=f"p50 <= {GOAL_MS}" if goal else "",
        met=p50 <= GOAL_MS if goal else None,
    )


if __name__ == "__main__":
    main()
