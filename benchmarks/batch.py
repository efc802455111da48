"""1,000 rows of a CSV file: read, checked and composed; then kept, in one transaction."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks import ground
from services.csv_cells import as_csv
from services.prompts.csv_batch import Base, read_batch
from services.runtime import start
from services.settings import Settings

ROWS = 1_000
GOAL_SECONDS = 2.0
T = TypeVar("T")


def csv_file() -> bytes:
    """Return rows of the usual length, each with wishes of its own."""
    words = "waves break over black rocks, warm lamp light against a cold blue sky, gulls and wind, slow push in"
    rows = [[f"A lighthouse number {number} at dusk; {words}", 10 + 5 * (number % 2)] for number in range(ROWS)]
    return as_csv([["prompt", "seconds"], *rows])


def timed(action: Callable[[], T]) -> tuple[T, float]:
    """Return what an action returns, and the seconds it took."""
    began = time.perf_counter()
    made = action()
    return made, time.perf_counter() - began


def main() -> None:
    """Print the table."""
    table = ground.Table(f"A CSV file of {ROWS:,} rows", "")
    with tempfile.TemporaryDirectory() as name:
        runtime = start(Settings(home=Path(name), base_url="http://127.0.0.1:9", undo_seconds=600.0), executes=False)
        mine = runtime.for_person("local").batches
        read, reading = timed(lambda: read_batch(csv_file(), Base(), also=mine.also()))
        assert read.value is not None, read.problems[:3]
        items = read.value
        checked, checking = timed(lambda: mine.check(items))
        assert checked.value is not None, checked.problems[:3]
        ready = checked.value
        table.row("read the file", f"{reading:.2f} s")
        table.row("check and compose every row", f"{checking:.2f} s")
        total = reading + checking
        table.row("together", f"{total:.2f} s", goal=f"<= {GOAL_SECONDS:g} s", met=total <= GOAL_SECONDS)
        new, keeping = timed(lambda: mine.send(ready))
        table.row("keep and queue all, one transaction", f"{keeping:.2f} s")
        table.row("kept", f"{new:,}", goal=f"{ROWS:,}", met=new == ROWS)
        again, keeping = timed(lambda: mine.send(ready))
        table.row("kept by a second click", f"{again:,} in {keeping:.2f} s", goal="0", met=again == 0)
        runtime.close()
    table.show()


if __name__ == "__main__":
    main()
