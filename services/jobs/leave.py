"""What a worker that stops was given and did not do: it goes back in line, for others to take at once.

A dead worker's is found by those who miss its heartbeat (recovery.py). One that stops politely signs off, so nobody
misses it: it has to give back itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from db import generations as rows
from db import videos
from db.database import Database
from services.jobs.on_demand import EngineOnDemand


class Leave:
    """Counts what this worker does for the engine, and remembers what it refused once it was about to stop."""

    def __init__(self, database: Database, worker: str) -> None:
        self._database = database
        self._worker = worker
        self._lock = threading.Lock()
        self._under_way = 0
        self.generations: list[str] = []
        self.videos: list[str] = []

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._under_way > 0

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Be busy until the end of the block."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def hand_back(self, engine: EngineOnDemand) -> None:
        """Put all of it back in line, once nothing runs here any more."""
        given = engine.hand_back(self._worker, list(self.generations))
        with self._database.transaction() as session:
            for id in {*given, *self.generations}:
                rows.unadmit(session, id)
            videos.abandon(session, self._worker)
            videos.never_begun(session, self.videos)
