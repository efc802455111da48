"""The figures of one process, and of the queue that all processes share, for Prometheus.

What is told of the database (queue, videos, workers) is the same from every process: take `max`, not `sum`, of it.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db import seen as queries
from db.database import Database
from db.states import ENDED, State, VideoState
from db.states import UNFINISHED as UNFINISHED_STATES
from db.tally import Tally
from db.trouble import StoreTrouble
from services.clock import utc_now
from services.errors import StoreError
from services.room import room_bytes
from services.seen.exposition import Family, Labels, Times, written
from services.version import app_version

if TYPE_CHECKING:
    from services.jobs.executor import Executor
    from services.seen import readiness

UNFINISHED: Final = tuple(str(state) for state in State if state in UNFINISHED_STATES)
_TO_FETCH: Final = (str(VideoState.PENDING), str(VideoState.FETCHING))


def metrics(database: Database, jobs: Executor | None, home: Path, ready: readiness.Readiness) -> str:
    """Return every figure; without an executor here, those of the database and of the process alone."""
    families: list[Family | Times] = [*_process(database, home, ready), *_shared(database), *_database(database)]
    if jobs is not None:
        families += _executing(jobs)
    return written(families)


def _process(database: Database, home: Path, ready: readiness.Readiness) -> list[Family]:
    about = {"version": app_version(), "database": database.dialect}
    checks = tuple(({"check": name}, float(well)) for name, well in ready.checks.items())
    return [
        Family("dailies_info", "gauge", "Which Dailies this is.", ((about, 1),)),
        Family("dailies_ready", "gauge", "Whether it is ready, by check (1 well, 0 not).", checks),
        Family("dailies_free_bytes", "gauge", "Room for data on this machine.", _one(room_bytes(home))),
        Family("process_cpu_seconds_total", "counter", "Processor time.", _one(time.process_time())),
        Family("process_resident_memory_bytes", "gauge", "Memory in use.", _memory()),
    ]


def _shared(database: Database) -> list[Family]:
    """Return what stands in the database; nothing while it does not answer."""
    try:
        with database.reading() as session:
            states, fetching = queries.unfinished_by_state(session), queries.videos_to_fetch(session)
            oldest, workers = queries.oldest_queued_at(session), queries.workers(session)
    except (StoreTrouble, StoreError):
        return []
    return [
        Family("dailies_generations", "gauge", "Unfinished generations, by state.", _each("state", UNFINISHED, states)),
        Family("dailies_oldest_queued_seconds", "gauge", "Age of what is queued longest.", _one(_age(oldest))),
        Family("dailies_videos", "gauge", "Videos still to be saved, by state.", _each("state", _TO_FETCH, fetching)),
        Family("dailies_workers", "gauge", "Processes that execute, on any machine.", _one(workers)),
    ]


def _database(database: Database) -> list[Times]:
    kinds: tuple[tuple[Labels, Tally], ...] = (({"kind": "write"}, database.writes), ({"kind": "read"}, database.reads))
    told = tuple((labels, tally.told()) for labels, tally in kinds)
    return [Times("dailies_database_seconds", "Time in transactions, waiting for their turn included.", told)]


def _executing(jobs: Executor) -> list[Family | Times]:
    figures, writer = jobs.figures, jobs.writer
    endings = _each("state", tuple(str(state) for state in State if state in ENDED), figures.endings)
    fetches = tuple(({"result": result}, float(count)) for result, count in sorted(figures.fetches.items()))
    return [
        Family("dailies_streams", "gauge", "Answers that come to this process now.", _one(len(jobs.watchdog.running))),
        Family("dailies_ended_total", "counter", "Generations this process ended, by state.", endings),
        Times("dailies_stream_seconds", "From the request to the end of its answer.", (({}, figures.streams.told()),)),
        Times("dailies_first_text_seconds", "From the request to its first words.", (({}, figures.first_text.told()),)),
        Family("dailies_fetches_total", "counter", "Downloads that ended, by result (kept, or a code).", fetches),
        Times("dailies_writer_seconds", "What a save of the one writer takes.", (({}, writer.saves.told()),)),
        Family("dailies_writer_lag_seconds", "gauge", "For how long the present save goes on.", _one(writer.lag)),
        Family("dailies_writer_held_bytes", "gauge", "What is in memory only.", _one(writer.held_bytes)),
    ]


def _one(value: float) -> tuple[tuple[Labels, float], ...]:
    return (({}, float(value)),)


def _each(label: str, names: tuple[str, ...], counts: dict[str, int]) -> tuple[tuple[Labels, float], ...]:
    """Return a sample for each name, 0 included: an alert can only see what is told."""
    return tuple(({label: name}, float(counts.get(name, 0))) for name in names)


def _age(since: dt.datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (utc_now() - since).total_seconds())


def _memory() -> tuple[tuple[Labels, float], ...]:
    """Return the memory in use; nothing where the system does not tell (no Linux)."""
    try:
        return _one(int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError):
        return ()
