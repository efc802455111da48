"""Lets waiting generations go: held ones when their time to undo is over, queued ones when there is room.

A row is given to the engine only when the limits have room for it, so that "to the front", pauses and full endpoints
reorder what truly waits. The engine's own limits stay the exact guard between processes.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

from db import generations as rows
from db import preferences, videos
from db.database import Database
from db.records import Waiting
from db.states import State
from db.trouble import StoreTrouble
from services.clock import utc_now
from services.jobs.hand import PAUSED
from services.jobs.live import Live
from services.jobs.queue import Engine
from services.jobs.watchdog import Watchdog
from services.settings import Settings

LOOK_SECONDS = 1.0
NUDGE_SECONDS = 0.05
CANCEL_SECONDS = 0.5
SWEEP_SECONDS = 3600.0
LOOK_AHEAD = 200
logger = logging.getLogger(__name__)


class Dispatcher:
    """One thread of the executing process. `wake` makes it look at once."""

    def __init__(  # noqa: PLR0913  # the parts it joins
        self,
        *,
        database: Database,
        engine: Engine,
        live: Live,
        watchdog: Watchdog,
        worker: str,
        settings: Settings,
        endpoint_limit: Callable[[str, str], int | None],
    ) -> None:
        self._database = database
        self._engine = engine
        self._live = live
        self._watchdog = watchdog
        self._worker = worker
        self._settings = settings
        self._endpoint_limit = endpoint_limit
        self._wake = threading.Event()
        self._closing = False
        self._held_back: dict[str, float] = {}
        self._fetching: set[tuple[str, int]] = set()
        self._swept = time.monotonic()
        self._cancels_at = 0.0
        self._readmit()
        self._thread = threading.Thread(target=self._work, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def hold_back(self, endpoint_id: str, seconds: float) -> None:
        """Send nothing to an endpoint for a while: it said that we ask too often (429)."""
        self._held_back[endpoint_id] = time.monotonic() + seconds

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop giving out work."""
        self._closing = True
        self._wake.set()
        self._thread.join(5.0)

    def _work(self) -> None:
        wait = 0.0
        while not self._closing:
            self._wake.wait(wait)
            self._wake.clear()
            if self._closing:
                return
            try:
                wait = self._look()
            except StoreTrouble as error:
                logger.warning("cannot look for work: %s", type(error).__name__)
                wait = LOOK_SECONDS

    def _look(self) -> float:
        """Do what is due; return for how many seconds there is nothing to do."""
        self._release()
        unclaimed = self._admit()
        self._fetch_pending()
        self._cancel_asked()
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            self._engine.sweep()
        if unclaimed:
            self._engine.ring()
            return NUDGE_SECONDS
        return min(self._until_release(), CANCEL_SECONDS if self._watchdog.running else LOOK_SECONDS)

    def _readmit(self) -> None:
        """Tell the engine again of what an earlier life told it: the same id twice is one workflow."""
        with self._database.reading() as session:
            known = rows.admitted(session)
        for row in known:
            if row.state is State.QUEUED:
                self._engine.generate(row.id, row.owner)

    def _release(self) -> None:
        now = utc_now()
        with self._database.reading() as session:
            due = rows.due(session, now)
        if not due:
            return
        # What is long overdue was held when Dailies stopped: it waits for a click (DESIGN, "One generation", 8).
        with self._database.transaction() as session:
            released = [id for id in due if self._fresh(session, id, now) and rows.release(session, id)]
        for id in released:
            self._live.moved(id, State.QUEUED)

    def _fresh(self, session: object, id: str, now: dt.datetime) -> bool:
        row = rows.get(session, None, id)  # type: ignore[arg-type]  # a session, which services know no name for
        return row is not None and row.release_at is not None and now - row.release_at < dt.timedelta(seconds=30)

    def _until_release(self) -> float:
        with self._database.reading() as session:
            at = rows.next_release(session)
        if at is None:
            return LOOK_SECONDS
        seconds = (at - utc_now()).total_seconds()
        return seconds if 0 < seconds < LOOK_SECONDS else LOOK_SECONDS

    def _admit(self) -> bool:
        """Give the engine what there is room for; True while something given has not begun."""
        with self._database.reading() as session:
            waiting = rows.waiting(session, LOOK_AHEAD)
            admitted = rows.admitted(session)
            owners = {row.owner for row in waiting}
            paused = {owner for owner in owners if preferences.get(session, owner, PAUSED) == "1"}
        room = _Room(self._settings, self._endpoint_limit)
        for known in admitted:
            room.take(known.owner, known.endpoint_id)
        chosen = [
            row
            for row in waiting
            if row.owner not in paused and not self._is_held_back(row.endpoint_id) and room.take_if_free(row)
        ]
        if chosen:
            at = utc_now()
            with self._database.transaction() as session:
                chosen = [row for row in chosen if rows.admit(session, row.id, at)]
            for row in chosen:
                self._engine.generate(row.id, row.owner)
        return bool(chosen) or any(known.state is State.QUEUED for known in admitted)

    def _is_held_back(self, endpoint_id: str) -> bool:
        return self._held_back.get(endpoint_id, 0.0) > time.monotonic()

    def _fetch_pending(self) -> None:
        with self._database.reading() as session:
            found = [videos.get(session, None, id) for id in videos.pending(session)]
        for video in found:
            if video is not None and (video.id, video.attempts) not in self._fetching:
                self._fetching.add((video.id, video.attempts))
                self._engine.fetch(video.id, video.attempts)

    def _cancel_asked(self) -> None:
        """Stop what another process was asked to stop; this process's own clicks go to the watchdog directly."""
        if not self._watchdog.running or time.monotonic() - self._cancels_at < CANCEL_SECONDS:
            return
        self._cancels_at = time.monotonic()
        with self._database.reading() as session:
            asked = rows.cancel_requests(session, self._worker)
        for id in asked:
            self._watchdog.stop(id, "user")


class _Room:
    """How much more may be in flight: in all, of a person, of an endpoint."""

    def __init__(self, settings: Settings, endpoint_limit: Callable[[str, str], int | None]) -> None:
        self._settings = settings
        self._endpoint_limit = endpoint_limit
        self._in_all = 0
        self._of_person: Counter[str] = Counter()
        self._of_endpoint: Counter[str] = Counter()

    def take(self, owner: str, endpoint_id: str) -> None:
        """Count one that is in flight."""
        self._in_all += 1
        self._of_person[owner] += 1
        self._of_endpoint[endpoint_id] += 1

    def take_if_free(self, row: Waiting) -> bool:
        """Count one more if it fits."""
        own_limit = self._endpoint_limit(row.owner, row.endpoint_id) or self._settings.endpoint_concurrency
        fits = (
            self._in_all < self._settings.concurrency
            and self._of_person[row.owner] < self._settings.person_concurrency
            and self._of_endpoint[row.endpoint_id] < own_limit
        )
        if fits:
            self.take(row.owner, row.endpoint_id)
        return fits
