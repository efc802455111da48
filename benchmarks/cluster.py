"""Several workers on one Postgres, all real processes: what is lost, sent twice, exceeded, and how quickly it goes on.

    python -m benchmarks.cluster [--prompts 300] [--slots 5] [--queued 10000]

First one worker, then three, each with SLOTS streams, and a long queue: how soon is a free place taken. Then three with
twenty each, two servers that only show and a sticky proxy (Caddy, if it is found or CADDY names it), films to save into
an object store; one worker is killed (-9) and one stopped politely while sixty stream. The endpoint counts every POST
and knows when each stream began and ended.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import ground
from benchmarks.cluster_parts import Cluster, Ground, arranged, shared
from benchmarks.cluster_viewers import Viewers
from db import generations as rows
from db.records import Generation
from db.states import ENDED
from services.csv_cells import as_csv
from services.prompts.csv_batch import Base, read_batch
from services.runtime import ForPerson, Runtime, start
from services.settings import Settings
from tests.postgres import find_programs

PEOPLE = ("local", *(f"person{number}" for number in range(9)))
LONGEST_SECONDS = 900.0
IDLE_SECONDS = 15.0
ROWS = 1000  # of one batch


@dataclass(slots=True)
class Told:
    """What one arrangement did."""

    seconds: float
    states: Counter[str]
    streams: list[dict[str, Any]]
    prompts: int
    limit: int
    delays: list[float] = field(default_factory=list)
    takeover_seconds: float | None = None
    films: Counter[str] = field(default_factory=Counter)
    used: dict[str, float] = field(default_factory=dict)
    broken: int = 0

    @property
    def rate(self) -> float:
        """Prompts a second."""
        return self.prompts / self.seconds

    @property
    def at_once(self) -> int:
        """The most streams that were open together."""
        moves = [(one["posted"], 1) for one in self.streams] + [(one["closed"], -1) for one in self.streams]
        open_now = most = 0
        for _, change in sorted(moves):
            open_now += change
            most = max(most, open_now)
        return most

    @property
    def refills(self) -> list[float]:
        """How long each free place waited for the next stream, while there was one to come."""
        posted, closed = (sorted(one[what] for one in self.streams) for what in ("posted", "closed"))
        return [begun - ended for begun, ended in zip(posted[self.limit :], closed, strict=False)]


@contextmanager
def page(cluster: Cluster) -> Iterator[Runtime]:
    """Run a process that submits and looks: this one."""
    home, media = cluster.folder / "page", cluster.media_url or None
    settings = Settings(
        home=home, base_url=cluster.base_url, database_url=cluster.url, media_url=media, undo_seconds=0.0
    )
    runtime = start(settings, executes=False)
    try:
        yield runtime
    finally:
        runtime.close()


def run(cluster: Cluster, name: str, words: str, prompts: int, *, trouble: bool = False) -> Told:
    """Have the workers do all prompts; with `trouble` one is killed and one stopped while they stream."""
    with page(cluster) as runtime:
        people = [runtime.for_person(one) for one in PEOPLE]
        for one in people:
            one.generations.pause()  # so that submitting is no part of what is timed
        sent = [
            (people[n % 10], people[n % 10].generations.submit(f"{name} {n} {words}", nonce=f"{name} {n}").id)
            for n in range(prompts)
        ]
        urls = [cluster.proxy.url] if cluster.proxy else [server.url for server in cluster.servers]
        viewers = Viewers(urls, [id for of, id in sent if of.owner == "local"]) if urls else None
        began, before = time.monotonic(), cluster.used()
        for one in people:
            one.generations.resume()
        takeover = _trouble(cluster) if trouble else None
        ground.wait_until(lambda: all(one.state in ENDED for one in _last_first(sent)), LONGEST_SECONDS)
        seconds = time.monotonic() - began
        used = {name: after - before.get(name, 0.0) for name, after in cluster.used().items()}
        if viewers is not None:
            viewers.wait(30)
        states = Counter(str(of.generations.get(id).state) for of, id in sent)
        films = _films(sent) if trouble else Counter[str]()
    told = Told(seconds, states, _streams(cluster.base_url, name), prompts, cluster.limit)
    told.takeover_seconds, told.films, told.used = takeover, films, used
    if viewers is not None:
        told.delays, told.broken = viewers.delays, viewers.broken
    return told


def _trouble(cluster: Cluster) -> float:
    """Kill one worker and stop another while all stream; return how long what the killed one sent went untold."""
    dead, polite = cluster.workers[:2]

    def of(worker: str) -> set[int]:
        with cluster.database.reading() as session:
            return rows.in_flight(session, worker)

    ground.wait_until(lambda: len(of(dead.name)) > 1 and len(of(polite.name)) > 1, LONGEST_SECONDS)
    time.sleep(2.0)  # all stream, films among them are being saved
    dead.process.kill()
    at = time.monotonic()
    polite.process.terminate()
    ground.wait_until(lambda: not of(dead.name), 60)
    return time.monotonic() - at


def _films(sent: list[tuple[ForPerson, str]]) -> Counter[str]:
    """Wait until every link that came has become a video; return how they stand."""

    def videos() -> list[str]:
        return [str(video.state) for of, id in sent for video in of.generations.get(id).videos]

    end = time.monotonic() + LONGEST_SECONDS / 3
    while time.monotonic() < end and not {"pending", "fetching"}.isdisjoint(videos()):
        time.sleep(1.0)
    return Counter(videos())


def _last_first(sent: list[tuple[ForPerson, str]]) -> Iterator[Generation]:
    for people, id in reversed(sent):  # the last one ends last, mostly: the look stops at it
        yield people.generations.get(id)


def _streams(base_url: str, name: str) -> list[dict[str, Any]]:
    return [one for prompt, one in ground.streams(base_url).items() if prompt.startswith(f"{name} ")]


def long_queue(cluster: Cluster, queued: int, looked_at: int) -> Told:
    """Queue so many and let some be sent; the rest is cancelled. A free place is taken how soon?"""
    with page(cluster) as runtime:
        people = [runtime.for_person(one) for one in PEOPLE]
        for number, one in enumerate(people):
            one.generations.pause()
            lines = [[f"queue {number} {row} rate=10 count=20"] for row in range(queued // len(people))]
            for begin in range(0, len(lines), ROWS):
                read = read_batch(as_csv([["prompt"], *lines[begin : begin + ROWS]]), Base(), also=one.batches.also())
                assert read.value is not None, read.problems[:3]
                ready = one.batches.check(read.value)
                assert ready.value is not None, ready.problems[:3]
                one.batches.send(ready.value)
        began = time.monotonic()
        for one in people:
            one.generations.resume()
        ground.wait_until(lambda: len(_streams(cluster.base_url, "queue")) >= looked_at, LONGEST_SECONDS)
        seconds = time.monotonic() - began
        for one in people:
            one.generations.pause()
        done = [one for one in _streams(cluster.base_url, "queue") if one["closed"]]
    return Told(seconds, Counter(), done, len(done), cluster.limit)


def idle(cluster: Cluster) -> dict[str, float]:
    """Return how much of a core each process takes while there is nothing to do."""
    pids = {f"worker {number}": one.process.pid for number, one in enumerate(cluster.workers)}
    pids |= {f"server {number}": one.pid for number, one in enumerate(cluster.servers)}
    time.sleep(10.0)
    before, began = {name: ground.cpu_seconds(pid) for name, pid in pids.items()}, time.monotonic()
    time.sleep(IDLE_SECONDS)
    seconds = time.monotonic() - began
    return {name: (ground.cpu_seconds(pid) - before[name]) / seconds * 100 for name, pid in pids.items()}


def tell(table: ground.Table, name: str, told: Told) -> None:
    """Add what every arrangement is asked."""
    posts = Counter(one["posts"] for one in told.streams)
    states = ", ".join(f"{count} {state}" for state, count in sorted(told.states.items()))
    table.row(f"{name}: {told.prompts} prompts", f"{told.seconds:.1f} s, {told.rate:.2f}/s")
    if states:
        lost = told.prompts - told.states.total()
        table.row("  ended", states, goal="0 lost", met=lost == 0)
        table.row("  never POSTed", str(told.prompts - len(told.streams)))
    table.row("  most POSTs of one", str(max(posts)), goal="<= 1", met=max(posts) <= 1)
    deltas = sum(one["emitted"] for one in told.streams) / 1000
    for process, seconds in told.used.items():
        if process == "the workers" and told.takeover_seconds is not None:
            continue  # one of them is dead: nobody knows any more what it used
        table.row(f"  processor time of {process}, per 1,000 deltas", f"{seconds / deltas:.2f} s")
    table.row("  most at once", str(told.at_once), goal=f"<= {told.limit}", met=told.at_once <= told.limit)


def tell_trouble(table: ground.Table, told: Told) -> None:
    """Add what a kill and viewers elsewhere are asked."""
    assert told.takeover_seconds is not None
    late = told.takeover_seconds
    table.row("  what the killed one streamed is told after", f"{late:.1f} s", goal="<= 15 s", met=late <= 15)
    all_kept = set(told.films) == {"kept"}
    table.row("  films whose link had come", str(dict(told.films)), goal="kept", met=all_kept)
    tell_seen(table, told)
    table.row("  viewers whose socket broke", str(told.broken))


def tell_seen(table: ground.Table, told: Told) -> None:
    """Add how late text reaches viewers at other processes."""
    p50, p95 = (ground.quantile(told.delays, part) * 1000 for part in (0.5, 0.95))
    cell = f"{p50:.0f} / {p95:.0f} ms, n {len(told.delays)}"
    table.row("  emitted to a viewer elsewhere, p50 / p95", cell, goal="p95 <= 250 ms", met=p95 <= 250)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=300)
    parser.add_argument("--slots", type=int, default=5)
    parser.add_argument("--queued", type=int, default=10_000)
    parser.add_argument("--only-trouble", action="store_true", help="only the last arrangement")
    asked = parser.parse_args()
    programs = find_programs()
    if programs is None:
        raise SystemExit("no Postgres here")
    table = ground.Table("Several workers on one Postgres", "")
    with tempfile.TemporaryDirectory() as name, shared(programs, Path(name)) as on:
        try:
            measure(on, table, asked)
        finally:
            table.show()  # what was measured is shown, also when a later part fails


def measure(on: Ground, table: ground.Table, asked: argparse.Namespace) -> None:
    """Run every arrangement."""
    words = "rate=10 count=20"  # two seconds
    if asked.only_trouble:
        trouble(on, table, asked.prompts)
        return
    with arranged(on, 1, asked.slots) as cluster:
        run(cluster, "warm", words, asked.slots)  # not counted: the first use loads what is loaded once
        one = run(cluster, "one", words, asked.prompts // 5)
        tell(table, "1 worker", one)
    with arranged(on, 3, asked.slots) as cluster:
        run(cluster, "warm", words, 3 * asked.slots)
        three = run(cluster, "three", words, asked.prompts // 2)
        tell(table, "3 workers", three)
        ratio = three.rate / one.rate
        table.row("  times what one does", f"{ratio:.2f}", goal=">= 2.5", met=ratio >= 2.5)
        told = long_queue(cluster, asked.queued, 150)
        tell(table, f"3 workers, {asked.queued:,} queued", told)
        p95 = ground.quantile(told.refills, 0.95) * 1000
        cell = f"{ground.quantile(told.refills, 0.5) * 1000:.0f} / {p95:.0f} ms"
        table.row("  a free place to the next POST, p50 / p95", cell, goal="p95 <= 500 ms", met=p95 <= 500)
    trouble(on, table, asked.prompts)


def trouble(on: Ground, table: ground.Table, prompts: int) -> None:
    """Run the arrangement of a team, at first idle, then with a kill and a stop."""
    with arranged(on, 3, 20, servers=2) as cluster:
        for process, percent in idle(cluster).items():
            table.row(f"idle: {process}", f"{percent:.2f} % of a core", goal="<= 2 %", met=percent <= 2)
        few = run(cluster, "few", "rate=10 count=60", 20)
        tell(table, "3 workers of 20, 2 servers", few)
        tell_seen(table, few)
        told = run(cluster, "trouble", "rate=10 count=40 film=1", prompts, trouble=True)
        tell(table, "3 workers of 20, 2 servers, a kill and a stop", told)
        tell_trouble(table, told)


if __name__ == "__main__":
    main()
