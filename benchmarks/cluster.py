"""Several workers on one Postgres, all real processes: what is lost, sent twice, exceeded, and how quickly it goes on.

    python3 benchmarks/cluster.py [--prompts 300] [--slots 5]

First one worker, then three, each with SLOTS streams; then three again, one killed (-9) and one stopped politely while
all stream. The relay counts every POST and how many are open at once; a POST that a prompt gets twice is shown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from db import workers  # noqa: E402
from db.database import Database  # noqa: E402
from db.records import Generation  # noqa: E402
from db.states import ENDED, IN_FLIGHT  # noqa: E402
from services.runtime import ForPerson, start  # noqa: E402
from services.settings import Settings  # noqa: E402
from tests.jobs.relay import Relay  # noqa: E402
from tests.postgres import PostgresServer, find_programs  # noqa: E402

PEOPLE = 10
DELTAS, GAP_SECONDS = 20, 0.1  # an answer takes two seconds
LOOK_SECONDS = 0.05
LONGEST_SECONDS = 600.0


@dataclass
class Cluster:
    """Worker processes on one database and one relay, and a process that submits and looks."""

    url: str
    relay: Relay
    slots: int
    limit: int
    folder: Path
    database: Database = field(init=False)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = Database(self.url)
        self.database.upgrade()

    def begin(self) -> str:
        """Start a worker on a data folder of its own and return its name once it beats."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
        ours = {
            "HOME": str(self.folder / f"worker-{len(self.processes)}"),
            "DATABASE_URL": self.url,
            "BASE_URL": self.relay.base_url,
            "CONCURRENCY": str(self.limit),
            "PERSON_CONCURRENCY": str(self.limit),
            "WORKER_CONCURRENCY": str(self.slots),
        }
        env |= {f"DAILIES_{name}": value for name, value in ours.items()}
        command = [sys.executable, "-m", "services.commands", "worker"]
        process = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: len(self.names()) > len(self.processes))
        name = next(name for name in self.names() if name not in self.processes)
        self.processes[name] = process
        return name

    def names(self) -> list[str]:
        """Return every worker that is known."""
        with self.database.reading() as session:
            return [one.id for one in workers.all(session)]

    def close(self) -> None:
        """Stop every worker."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(30)
        self.database.close()


@dataclass(slots=True)
class Told:
    """What one arrangement did."""

    name: str
    seconds: float
    prompts: int
    states: Counter[str]
    posts_most: int
    never_posted: int
    at_once_most: int
    limit: int
    takeover_seconds: float | None = None

    def row(self) -> str:
        """Return a line of the table."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        takeover = "" if self.takeover_seconds is None else f"{self.takeover_seconds:.1f} s"
        return (
            f"| {self.name} | {self.prompts} | {self.seconds:.1f} s | {self.prompts / self.seconds:.2f}/s | {states} |"
            f" {self.posts_most} | {self.never_posted} | {self.at_once_most} of {self.limit} | {takeover} |"
        )


def until(true: object) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + LONGEST_SECONDS
    while not true():  # type: ignore[operator]  # a function of no arguments
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(LOOK_SECONDS)


def run(server: PostgresServer, name: str, *, count: int, prompts: int, slots: int, kill: bool = False) -> Told:
    """Have `count` workers do all prompts; with `kill` one is killed and one stopped while they stream."""
    limit = slots * count
    relay = Relay(deltas=DELTAS, gap_seconds=GAP_SECONDS)
    with _database(server) as url, tempfile.TemporaryDirectory() as folder, relay.running():
        cluster = Cluster(url, relay, slots, limit, Path(folder))
        settings = Settings(home=Path(folder) / "page", base_url=relay.base_url, database_url=url, undo_seconds=0.0)
        runtime = start(settings, executes=False)
        try:
            for _ in range(count):
                cluster.begin()
            people = [runtime.for_person(f"person{number}") for number in range(PEOPLE)]
            for person in people:
                person.generations.pause()  # so that submitting is no part of what is timed
            ids = [(people[n % PEOPLE], f"{n}") for n in range(prompts)]
            sent = [(of, of.generations.submit(f"prompt {n}", nonce=n).id) for of, n in ids]
            began = time.monotonic()
            for person in people:
                person.generations.resume()
            takeover = _trouble(cluster, sent) if kill else None
            until(lambda: all(one.state in ENDED for one in _unfinished(sent)))
            seconds = time.monotonic() - began
            states = Counter(str(of.generations.get(id).state) for of, id in sent)
        finally:
            runtime.close()
            cluster.close()
    posts = Counter(relay.posts)
    most, never = max(posts.values(), default=0), prompts - len(posts)
    return Told(name, seconds, prompts, states, most, never, relay.most_at_once, limit, takeover)


def _trouble(cluster: Cluster, sent: list[tuple[ForPerson, str]]) -> float:
    """Kill one worker and stop another while all stream; return how long what the killed one sent went untold."""
    dead, polite = list(cluster.processes)[:2]

    def of(worker: str) -> list[Generation]:
        rows = [people.generations.get(id) for people, id in sent]
        return [one for one in rows if one.worker == worker and one.state in IN_FLIGHT]

    until(lambda: of(dead) and of(polite))
    cluster.processes[dead].kill()
    at, left = time.monotonic(), {one.id for one in of(dead)}
    cluster.processes[polite].terminate()
    until(lambda: not [one for one in of(dead) if one.id in left])
    return time.monotonic() - at


def _unfinished(sent: list[tuple[ForPerson, str]]) -> Iterator[Generation]:
    for people, id in reversed(sent):  # the last one ends last, mostly: the look stops at it
        yield people.generations.get(id)


@contextmanager
def _database(server: PostgresServer) -> Iterator[str]:
    name = f"cluster_{uuid.uuid4().hex}"
    server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=300)
    parser.add_argument("--slots", type=int, default=5)
    asked = parser.parse_args()
    programs = find_programs()
    if programs is None:
        raise SystemExit("no Postgres here")
    server = PostgresServer(programs)
    server.start()
    try:
        one = run(server, "1 worker", count=1, prompts=asked.prompts // 3, slots=asked.slots)
        three = run(server, "3 workers", count=3, prompts=asked.prompts, slots=asked.slots)
        lost = run(
            server, "3 workers, one killed, one stopped", count=3, prompts=asked.prompts, slots=asked.slots, kill=True
        )
    finally:
        server.stop()
    print(
        "| arrangement | prompts | time | ended | states | most POSTs of one | never POSTed | most at once | takeover |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for told in (one, three, lost):
        print(told.row())
    ratio = (three.prompts / three.seconds) / (one.prompts / one.seconds)
    print(
        f"\nThree workers do {ratio:.2f} times what one does, {asked.slots} streams each of {DELTAS * GAP_SECONDS:g} s."
    )


if __name__ == "__main__":
    main()
