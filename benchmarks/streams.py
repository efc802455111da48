"""Many streams at once, and what one watched stream costs.

100 simultaneous streams run in one process; this process tails its database through a connection of its own and notes
when each delta, stamped by the endpoint, was first to be seen committed. Then the product's server streams to one
viewer in a browser, and its processor time is read.
"""

from __future__ import annotations

import multiprocessing
import re
import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks import ground

STREAMS, RATE, COUNT = 100, 10, 101
IDEAL_SECONDS = (COUNT - 1) / RATE
LOOK_SECONDS = 0.002
STAMP = re.compile(r"n(\d+)t(\d+\.\d+);")
UNFINISHED = "SELECT count(*) FROM generations WHERE state IN ('held', 'queued', 'sending', 'streaming')"
DURABLE_GOAL_MS, WALL_GOAL, CPU_GOAL = 250, 1.05, 3.0


def prompts() -> list[str]:
    """Return what the streams are asked for."""
    return [f"stream {number} rate={RATE} count={COUNT}" for number in range(STREAMS)]


def own(home: Path, base_url: str, pipe: Connection) -> None:
    """Be the one process: queue all, let go at once, stay until told, say how much processor time it took."""
    from services.runtime import start
    from services.settings import Settings

    many = 2 * STREAMS
    limits = {"concurrency": many, "person_concurrency": many, "endpoint_concurrency": many}
    runtime = start(Settings(home=home, base_url=base_url, undo_seconds=0.0, **limits))  # type: ignore[arg-type]
    try:
        ground.wait_until(runtime.health, 30)
        generations = runtime.for_person("local").generations
        generations.pause()
        for number, prompt in enumerate(prompts()):
            generations.submit(prompt, nonce=str(number))
        pipe.send("ready")
        pipe.recv()
        before, began = time.process_time(), time.time()
        generations.resume()
        pipe.send(began)
        pipe.recv()
        pipe.send(time.process_time() - before)
    finally:
        runtime.close()


class Tail:
    """Reads what others commit, and when."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self._version = -1
        self._last = 0
        self.seen: dict[tuple[int, int], tuple[float, float]] = {}  # (stream, number): (emitted, seen)

    def look(self) -> None:
        """Take in what is new, if anything is."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return
        self._version = version
        rows = self._connection.execute(
            "SELECT seq, generation_seq, text FROM deltas WHERE seq > ? ORDER BY seq", (self._last,)
        ).fetchall()
        now = time.time()
        for seq, stream, text in rows:
            self._last = seq
            self._note(stream, text, now)

    def finish(self) -> int:
        """Take in the whole texts as well; return how many deltas they hold."""
        now, held = time.time(), 0
        for stream, text in self._connection.execute("SELECT seq, content FROM generations"):
            held += len(set(STAMP.findall(text)))
            self._note(stream, text, now)
        return held

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        left: int = self._connection.execute(UNFINISHED).fetchone()[0]
        return left == 0

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _note(self, stream: int, text: str, now: float) -> None:
        for number, emitted in STAMP.findall(text):
            self.seen.setdefault((stream, int(number)), (float(emitted), now))


def many(table: ground.Table) -> None:
    """Run the simultaneous streams and add their rows."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name, ground.endpoint() as upstream:
        home = Path(name)
        pipe, far = context.Pipe()
        owner = context.Process(target=own, args=(home, upstream, far))
        owner.start()
        try:
            assert pipe.recv() == "ready"
            with closing(Tail(home / "dailies.db")) as tail:
                pipe.send("go")
                began = pipe.recv()
                wall = follow(tail, began)
                held = tail.finish()
            pipe.send("stop")
            cpu = pipe.recv()
        finally:
            owner.join(20)
            owner.kill()
        report(table, tail, wall, held, cpu, ground.streams(upstream))


def follow(tail: Tail, began: float) -> float:
    """Tail until all have ended; return the seconds since `began`."""
    looked = time.monotonic()
    end = looked + 120
    while time.monotonic() < end:
        tail.look()
        if time.monotonic() - looked > 0.01:
            looked = time.monotonic()
            if tail.over:
                return time.time() - began
        time.sleep(LOOK_SECONDS)
    raise AssertionError("the streams did not end")


def report(
    table: ground.Table,
    tail: Tail,
    wall: float,
    held: int,
    cpu: float,
    told: dict[str, dict[str, float]],
) -> None:
    """Add the rows of the simultaneous streams."""
    durable = [(seen - emitted) * 1000 for emitted, seen in tail.seen.values()]
    emitted = sum(int(one["emitted"]) for one in told.values())
    posts = [int(one["posts"]) for one in told.values()]
    posted = [one["posted"] for one in told.values()]
    p99 = ground.quantile(durable, 0.99)
    ratio = wall / IDEAL_SECONDS
    table.row("wall / ideal", f"{ratio:.3f}", goal=f"<= {WALL_GOAL}", met=ratio <= WALL_GOAL)
    table.row("first POST to last POST", f"{max(posted) - min(posted):.2f} s")
    table.row("emitted to durable, p50", f"{ground.quantile(durable, 0.5):.0f} ms")
    table.row("emitted to durable, p99", f"{p99:.0f} ms", goal=f"<= {DURABLE_GOAL_MS} ms", met=p99 <= DURABLE_GOAL_MS)
    table.row(f"lost of {emitted} deltas", str(emitted - held), goal="0", met=emitted == held == STREAMS * COUNT)
    table.row("POSTs for a prompt, most", str(max(posts)), goal="1", met=posts == [1] * STREAMS)
    table.row("processor time per 1,000 deltas, nobody looking", f"{cpu / emitted * 1000:.2f} s")


def watched(table: ground.Table) -> None:
    """Stream to one viewer and add what it cost the server."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        upstream = stack.enter_context(ground.endpoint())
        server = stack.enter_context(ground.dailies(home, upstream))
        browser = stack.enter_context(ground.chromium())
        page = stack.enter_context(ground.page(browser, server.url))
        for rate, count in ((100, 3), (100, 1000), (10, 1000)):
            prompt = f"watched rate={rate} count={count}"
            page.get_by_label("Prompt", exact=True).fill(prompt)
            page.wait_for_timeout(1500)
            before = ground.cpu_seconds(server.pid)
            page.get_by_role("button", name="Generate").click()
            ground.wait_until(partial(ground.closed, upstream, [prompt]), 150)
            page.wait_for_timeout(1500)  # the page's last run and the joining of the text are part of the price
            cost = (ground.cpu_seconds(server.pid) - before) / count * 1000
            if count > 3:  # the first one loads what is loaded once
                name = f"processor time per 1,000 deltas, one viewer, {rate}/s"
                table.row(name, f"{cost:.2f} s", goal=f"<= {CPU_GOAL:.0f} s", met=cost <= CPU_GOAL)


def main() -> None:
    """Print the table."""
    table = ground.Table(f"{STREAMS} streams at {RATE} deltas/s for {IDEAL_SECONDS:.0f} s in one process", "")
    many(table)
    watched(table)
    table.show()


if __name__ == "__main__":
    main()
