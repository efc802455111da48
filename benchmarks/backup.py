"""A daily backup beside eight streams: what it takes, and what the streams feel of it.

The process that streams makes the backup too, as the product does, of 60 MB of database and 60 MB of videos. This one
tails the database and notes when each delta was first to be seen committed, before the backup and during it.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks import ground
from benchmarks.streams import Tail, follow
from db import drafts, generations
from db.database import Database
from services.backup.daily import Backups
from services.backup.store import all_of
from services.clock import utc_now
from services.runtime import start
from services.settings import Settings
from tests.backup.homes import keep_video, open_home

STREAMS, RATE, SECONDS = 8, 50, 20
QUIET_SECONDS = 5.0
DRAFTS, DRAFT_BYTES = 600, 100_000
VIDEOS, VIDEO_BYTES = 20, 3_000_000
DURABLE_GOAL_MS = 200


def fill(home: Path) -> None:
    """Make a data folder as months of use leave it."""
    database = open_home(Settings(home=home))
    with database.transaction() as session:
        for number in range(DRAFTS):
            drafts.save(session, "someone", os.urandom(DRAFT_BYTES // 2).hex(), utc_now(), str(number))
    for _ in range(VIDEOS):
        keep_video(database, home, payload_bytes=VIDEO_BYTES)
    with database.transaction() as session:
        generations.cancel_all_waiting(session, "local", utc_now())
    database.close()


def own(home: Path, base_url: str, pipe: Connection) -> None:
    """Be the one process: stream, and after a while back up as the daily thread does; say when and at what price."""
    settings = Settings(home=home, base_url=base_url, undo_seconds=0.0)
    runtime = start(settings)
    try:
        ground.wait_until(runtime.health, 30)
        mine = runtime.for_person("local").generations
        for number in range(STREAMS):
            mine.submit(f"stream {number} rate={RATE} count={RATE * SECONDS}", nonce=str(number))
        pipe.send(time.time())
        time.sleep(QUIET_SECONDS)
        database = Database(settings.store_url)
        backups = Backups(settings, database, first_seconds=0.0)
        began, before = time.time(), time.process_time()
        backups.begin_daily()
        while not all_of(settings):
            time.sleep(0.02)
        pipe.send((began, time.time(), time.process_time() - before))
        pipe.recv()
        backups.close()
        database.close()
    finally:
        runtime.close()


def main() -> None:
    """Print the table."""
    table = ground.Table(f"A daily backup beside {STREAMS} streams at {RATE} deltas/s", "")
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name, ground.endpoint() as upstream:
        home = Path(name)
        fill(home)
        pipe, far = context.Pipe()
        owner = context.Process(target=own, args=(home, upstream, far))
        owner.start()
        try:
            began = pipe.recv()
            with closing(Tail(home / "dailies.db")) as tail:
                follow(tail, began)
                tail.finish()
            first, last, cpu = pipe.recv()
            pipe.send("stop")
        finally:
            owner.join(20)
            owner.kill()
        report(table, tail, (first, last), cpu, ground.streams(upstream))
    table.show()


def report(
    table: ground.Table, tail: Tail, span: tuple[float, float], cpu: float, told: dict[str, dict[str, float]]
) -> None:
    """Add the rows: the backup's own, and the streams' without it and beside it."""
    table.row("the backup took", f"{span[1] - span[0]:.1f} s")
    table.row("processor time of the whole process meanwhile", f"{cpu:.1f} s")
    beside = [(seen - at) * 1000 for at, seen in tail.seen.values() if span[0] <= at <= span[1]]
    without = [
        (seen - at) * 1000 for at, seen in tail.seen.values() if at < span[0] and at > span[0] - QUIET_SECONDS + 1
    ]
    for name, values in (("without", without), ("beside the backup", beside)):
        p99 = ground.quantile(values, 0.99)
        table.row(f"emitted to durable, {name}, p50", f"{ground.quantile(values, 0.5):.0f} ms")
        goal = f"<= {DURABLE_GOAL_MS} ms"
        table.row(f"emitted to durable, {name}, p99", f"{p99:.0f} ms", goal=goal, met=p99 <= DURABLE_GOAL_MS)
        table.row(f"emitted to durable, {name}, most", f"{max(values):.0f} ms")
    posts = [int(one["posts"]) for one in told.values()]
    table.row("POSTs for a prompt, most", str(max(posts)), goal="1", met=posts == [1] * STREAMS)


if __name__ == "__main__":
    main()
