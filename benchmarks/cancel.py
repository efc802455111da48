"""How fast a stop stops: from the cancel to the closed socket as the endpoint sees it, and how late limits strike."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import ground
from services.runtime import Generations, Runtime, start
from services.settings import Settings

ROUNDS = 50
GOAL_MS, FAR_GOAL_MS, LATE_GOAL_MS = 200, 2000, 100
IDLE_SECONDS, TOTAL_SECONDS = 1.0, 2.0


@contextmanager
def running(home: Path, base_url: str, *, executes: bool = True, limits: Mapping[str, float] = {}) -> Iterator[Runtime]:
    """Run the product's services on a folder."""
    many = {"concurrency": 200, "person_concurrency": 200, "endpoint_concurrency": 200}
    given = {"home": home, "base_url": base_url, "undo_seconds": 0.0} | many | dict(limits)
    runtime = start(Settings(**given), executes=executes)  # type: ignore[arg-type]  # named as they are
    try:
        if executes:
            ground.wait_until(runtime.health, 30)
        yield runtime
    finally:
        runtime.close()


def streaming(generations: Generations, base_url: str, prompts: list[str]) -> dict[str, str]:
    """Send prompts; return their ids by prompt once each has a delta."""
    ids = {prompt: generations.submit(prompt, nonce=prompt).id for prompt in prompts}
    ground.wait_until(lambda: all(ground.streams(base_url).get(one, {}).get("emitted") for one in prompts), 60)
    return ids


def cancelled(cancel: Callable[[str], object], base_url: str, ids: dict[str, str], pause: float = 0.0) -> list[float]:
    """Cancel each; return the milliseconds from the call to the closed socket."""
    asked = {}
    for prompt, id in ids.items():
        asked[prompt] = time.time()
        cancel(id)
        time.sleep(pause)
    ground.wait_until(partial(ground.closed, base_url, list(ids)), 30)
    told = ground.streams(base_url)
    return [(told[prompt]["closed"] - at) * 1000 for prompt, at in asked.items()]


def add(table: ground.Table, name: str, values: list[float], goal_ms: float) -> None:
    """Add one row; the goal is one for the slowest."""
    p50, p99, most = ground.quantile(values, 0.5), ground.quantile(values, 0.99), max(values)
    cells = [str(len(values)), f"{p50:.0f}", f"{p99:.0f}", f"{most:.0f}"]
    table.row(name, *cells, goal=f"<= {goal_ms:.0f} ms", met=most <= goal_ms)


def stops(table: ground.Table, home: Path, upstream: str) -> None:
    """Add the rows of the cancels by a person."""
    with running(home, upstream) as runtime, running(home, upstream, executes=False) as other:
        here = runtime.for_person("local").generations
        there = other.for_person("local").generations
        alone: list[float] = []
        for number in range(ROUNDS):
            silent = "count=100000 rate=20" if number % 2 else "count=1 silent=600"
            alone += cancelled(here.cancel, upstream, streaming(here, upstream, [f"alone {number} {silent}"]))
        add(table, "cancel, streaming and silent in turn, one at a time", alone, GOAL_MS)
        crowd = [f"crowd {number} count=100000 rate=10" for number in range(ROUNDS)]
        add(
            table,
            f"cancel, {ROUNDS} streams running",
            cancelled(here.cancel, upstream, streaming(here, upstream, crowd), 0.05),
            GOAL_MS,
        )
        far = [f"far {number} count=100000 rate=10" for number in range(20)]
        add(
            table,
            "cancel through the database, as from another process",
            cancelled(there.cancel, upstream, streaming(here, upstream, far), 0.13),
            FAR_GOAL_MS,
        )


def strikes(table: ground.Table, home: Path, upstream: str) -> None:
    """Add the rows of the time limits."""
    kinds = {
        "idle": ("count=3 silent=600", {"idle_seconds": IDLE_SECONDS}, "last", IDLE_SECONDS),
        "total": ("count=100000", {"total_seconds": TOTAL_SECONDS}, "posted", TOTAL_SECONDS),
    }
    for kind, (words, given, since, limit) in kinds.items():
        with running(home, upstream, limits=given) as runtime:
            generations = runtime.for_person("local").generations
            prompts = [f"{kind} {number} rate=20 {words}" for number in range(20)]
            streaming(generations, upstream, prompts)
            ground.wait_until(partial(ground.closed, upstream, prompts), 20)
            told = ground.streams(upstream)
            late = [(told[one]["closed"] - told[one][since] - limit) * 1000 for one in prompts]
            add(table, f"{kind} limit of {limit:.0f} s, struck late by", late, LATE_GOAL_MS)


def main() -> None:
    """Print the table."""
    table = ground.Table("A stop, until the endpoint sees its socket closed", "n", "p50 ms", "p99 ms", "max ms")
    with ground.endpoint() as upstream:
        with tempfile.TemporaryDirectory() as home:
            stops(table, Path(home), upstream)
        with tempfile.TemporaryDirectory() as home:
            strikes(table, Path(home), upstream)
    table.show()


if __name__ == "__main__":
    main()
