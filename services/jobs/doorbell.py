"""Hears on Postgres that another process has put something in line, so that who executes looks at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from db.database import Database
from db.notices import WORK, Listener

LISTEN_SECONDS = 0.5  # so soon it ends when it is to


def ring(database: Database) -> None:
    """Tell every process that executes to look for work."""
    database.tell(WORK, [0])


class Doorbell:
    """Calls `heard` whenever somebody rings; on SQLite nobody does."""

    def __init__(self, database: Database, heard: Callable[[], object]) -> None:
        self._listener = database.listener(WORK)
        self._heard = heard
        self._stop = threading.Event()
        if self._listener is not None:
            threading.Thread(target=self._listen, args=(self._listener,), name="doorbell", daemon=True).start()

    def close(self) -> None:
        """Hear nothing any more."""
        self._stop.set()

    def _listen(self, listener: Listener) -> None:
        while not self._stop.is_set():
            if listener.wait(LISTEN_SECONDS) and not self._stop.is_set():
                self._heard()
        listener.close()
