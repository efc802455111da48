"""Lets waiting generations go: held ones when their time to undo is over, queued ones when there is room.

A row goes only when the limits have room for it, so that "to the front", pauses and full endpoints reorder what truly
waits. Where this process alone executes (SQLite) it claims and sends by itself: the engine would add 40 ms to a click
and nothing else (docs/adr/0009). Where several do (Postgres) the engine's own limits are the exact guard between them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from db import generations as rows
from db import preferences, videos
from db.database import Database
from db.records import Admitted, Generation, Held, Video, Waiting
from db.states import State
from db.trouble import StoreTrouble
from services.clock import utc_now
from services.jobs.hand import PAUSED
from services.jobs.held import HeldTimes
from services.jobs.live import Live
from services.jobs.night import look_after_nights
from services.jobs.on_demand import EngineOnDemand
from services.jobs.watchdog import Watchdog
from services.media.link_lives import LinkLives
from services.settings import Settings

LOOK_SECONDS = 2.0  # for what another process has added: what this one does wakes it
NUDGE_SECONDS = 0.05
CANCEL_SECONDS = 0.5
SWEEP_SECONDS = 3600.0
LOOK_AHEAD = 200
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What may be due, from one snapshot of the database."""

    held: list[Held]
    waiting: list[Waiting]
    admitted: list[Admitted]
    paused: set[str]
    pending: list[Video | None]


class Dispatcher:
    """One thread of the executing process. `wake` makes it look at once."""

    def __init__(  # noqa: PLR0913  # the parts it joins
        self,
        *,
        database: Database,
        engine: EngineOnDemand,
        live: Live,
        watchdog: Watchdog,
        worker: str,
        settings: Settings,
        endpoint_limit: Callable[[str, str], int | None],
        send: Callable[[Generation], object] | None,
        may_send: Callable[[], bool],
    ) -> None:
        """Begin to look. With `send` this process alone executes, and what it claims it sends itself, at once.

        While `may_send()` is false (the store is in trouble, the disk full) everything that waits goes on waiting.
        """
        self._database = database
        self._engine = engine
        self._live = live
        self._watchdog = watchdog
        self._worker = worker
        self._settings = settings
        self._endpoint_limit = endpoint_limit
        self._send = send
        self._may_send = may_send
        self._wake = threading.Event()
        self._closing = False
        self._lives = LinkLives(database, settings.link_look_seconds)
        self._held_back: dict[str, float] = {}
        self._fetching: set[tuple[str, int]] = set()
        self._held = HeldTimes()
        self._swept = time.monotonic()
        self._cancels_at = self._look_at = 0.0
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
            woken = self._wake.wait(wait)
            self._wake.clear()
            if self._closing:
                return
            try:
                if woken or time.monotonic() >= self._look_at:
                    self._look_at = time.monotonic() + self._look()
                self._cancel_asked()
                wait = max(0.0, self._look_at - time.monotonic())
                wait = min(wait, CANCEL_SECONDS) if self._watchdog.running else wait
            except StoreTrouble as error:
                logger.warning("cannot look for work: %s", type(error).__name__)
                self._look_at, wait = 0.0, LOOK_SECONDS

    def _look(self) -> float:
        """Do what is due; return for how many seconds there is nothing to do."""
        look_after_nights(self._database)
        seen = self._see()
        if self._release(self._held.due(seen.held)):
            seen = self._see()
        unclaimed = self._admit(seen)
        self._fetch(seen.pending)
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            self._engine.sweep()
        if unclaimed:
            self._engine.ring()
            return NUDGE_SECONDS
        next_held = self._held.until_next()
        return LOOK_SECONDS if next_held is None else min(next_held, LOOK_SECONDS)

    def _see(self) -> _Seen:
        """Read all that may be due from one snapshot."""
        with self._database.reading() as session:
            waiting = rows.waiting(session, LOOK_AHEAD)
            owners = {row.owner for row in waiting}
            return _Seen(
                held=rows.held(session),
                waiting=waiting,
                admitted=rows.admitted(session),
                paused={owner for owner in owners if preferences.get(session, owner, PAUSED) == "1"},
                pending=[videos.get(session, None, id) for id in videos.pending(session)],
            )

    def _readmit(self) -> None:
        """Tell the engine again of what an earlier life told it: the same id twice is one workflow."""
        with self._database.reading() as session:
            known = [row for row in rows.admitted(session) if row.state is State.QUEUED]
        if self._send is None:
            for row in known:
                self._engine.generate(row.id, row.owner)
        elif known:
            with self._database.transaction() as session:
                for row in known:
                    rows.unadmit(session, row.id)

    def _release(self, due: list[str]) -> bool:
        """Let held ones go whose time to undo is over; True if any did."""
        if not due:
            return False
        with self._database.transaction() as session:
            released = [id for id in due if rows.release(session, id)]
        for id in released:
            self._live.moved(id, State.QUEUED)
        return bool(released)

    def _admit(self, seen: _Seen) -> bool:
        """Let go what there is room for; True while the engine was given something that has not begun."""
        room = _Room(self._settings, self._endpoint_limit)
        for known in seen.admitted:
            room.take(known.owner, known.endpoint_id)
        may_send = bool(seen.waiting) and self._may_send()
        chosen = [
            row
            for row in seen.waiting
            if may_send
            and row.owner not in seen.paused
            and not self._is_held_back(row.endpoint_id)
            and room.take_if_free(row)
        ]
        if self._send is not None:
            self._begin([row.id for row in chosen], self._send)
            return False
        self._hand_to_engine(chosen)
        return bool(chosen) or any(known.state is State.QUEUED for known in seen.admitted)

    def _begin(self, ids: list[str], send: Callable[[Generation], object]) -> None:
        """Claim all of them in one transaction, then send each."""
        if ids:
            with self._database.transaction() as session:
                begun = rows.begin(session, ids, self._worker, utc_now())
            for generation in begun:
                send(generation)

    def _hand_to_engine(self, chosen: list[Waiting]) -> None:
        if chosen:
            with self._database.transaction() as session:
                admitted = [row for row in chosen if rows.admit(session, row.id, utc_now())]
            for row in admitted:
                self._engine.generate(row.id, row.owner)

    def _is_held_back(self, endpoint_id: str) -> bool:
        return self._held_back.get(endpoint_id, 0.0) > time.monotonic()

    def _fetch(self, pending: list[Video | None]) -> None:
        new = [video for video in pending if video is not None and (video.id, video.attempts) not in self._fetching]
        deadlines = self._lives.deadlines(new)
        for video in sorted(new, key=lambda video: deadlines[video.id]):  # what dies first goes first
            self._engine.fetch(video.id, video.attempts, deadlines[video.id])
            self._fetching.add((video.id, video.attempts))

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
        self._endpoint_limit = cache(endpoint_limit)  # one look at the settings for all rows of an endpoint
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
