"""Prompts of before there were keys get theirs (db.prompt_keys), a few at a time, beside whatever else goes on."""

from __future__ import annotations

import logging
import threading
import time

from db.database import Database
from services.errors import StoreError

FIRST_SECONDS = 10.0  # a start has better things to do
ROWS = 100
REST = 3.0  # times what a batch took, so that it costs a quarter of a core at most
LEAST_REST_SECONDS = 0.05
logger = logging.getLogger(__name__)


class Remembering:
    """The thread that fills in what a migration left; it ends when all is there."""

    def __init__(self, database: Database, first_seconds: float = FIRST_SECONDS) -> None:
        self._database = database
        self._first_seconds = first_seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Fill in from now on."""
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="prompt-keys", daemon=True)
            thread.start()
            self._thread = thread  # not before it runs: a server told to stop while it starts would join it

    def close(self) -> None:
        """Stop, within a few seconds; the next start goes on from there."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)

    def _run(self) -> None:
        from db import prompt_keys

        seconds, more = self._first_seconds, True
        while more and not self._stop.wait(seconds):
            began = time.monotonic()
            try:
                with self._database.transaction() as session:
                    more = prompt_keys.fill(session, ROWS)
            except (StoreError, OSError) as error:  # the next start tries again
                logger.warning("older prompts could not be remembered: %s", type(error).__name__)
                return
            seconds = max(LEAST_REST_SECONDS, REST * (time.monotonic() - began))
