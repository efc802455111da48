"""What has lain in the trash, or unused, for thirty days goes by itself; the executing process looks once an hour."""

from __future__ import annotations

import logging
import threading

from db.database import Database
from services.errors import MediaError, StoreError
from services.settings import Settings

FIRST_SECONDS = 120.0  # a start has better things to do
LOOK_SECONDS = 3600.0
logger = logging.getLogger(__name__)


class Emptying:
    """The thread that empties the trash of what is due."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Look from now on."""
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="trash", daemon=True)
            thread.start()
            self._thread = thread  # not before it runs: a server told to stop while it starts would join it

    def close(self) -> None:
        """Stop looking, within a few seconds."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)

    def _run(self) -> None:
        seconds = FIRST_SECONDS
        while not self._stop.wait(seconds):
            from services.library.trash import empty_due  # no start needs it

            seconds = LOOK_SECONDS
            try:
                from services.pictures.unused import forget_unused  # nothing a start needs

                count = empty_due(self._database, self._settings)
                forget_unused(self._database, self._settings)
                _send_away(self._database, self._settings)
                _fold(self._database)
            except (StoreError, MediaError, OSError) as error:  # the next look tries again
                logger.warning("the trash could not be emptied: %s", type(error).__name__)
            else:
                if count:
                    logger.info("%s that lay in the trash for thirty days were deleted", count)


def _send_away(database: Database, settings: Settings) -> None:
    """Send to the object store what could not be sent when it was kept, and forget copies that nobody needs now."""
    if settings.media_url is not None:
        from services.media.away import send_away

        send_away(database, settings)


def _fold(database: Database) -> None:
    """Join the usage totals that connections of Postgres counted each by itself."""
    if database.dialect != "sqlite":
        from db import usage_totals

        with database.transaction() as session:
            usage_totals.fold(session)
