"""Lets waiting generations go: held ones when their time to undo is over, queued ones when there is room.

A row goes only when the limits have room for it, so that "to the front", pauses and full endpoints reorder what truly
waits. Where this process alone executes (SQLite) it claims and sends by itself: the engine would add 40 ms to a click
and nothing else (docs/adr/0009). Where several do (Postgres) the engine's own limits are the exact guard between them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from db import generations as rows
from db import preferences, rates, videos
from db.database import Database
from db.rates import Rates
from db.records import Admitted, Generation, Held, Video, Waiting
from db.states import State
from db.trouble import StoreTrouble
from services.clock import utc_now
from services.jobs.admission import OwnLimits, Patience, Room
from services.jobs.hand import PAUSED
from services.jobs.held import HeldTimes
from services.jobs.live import Live
from services.jobs.night import look_after_nights
from services.jobs.on_demand import EngineOnDemand
from services.jobs.patience import FIRST_HOLD_SECONDS, after_refusal
from services.jobs.watchdog import Watchdog
from services.media.link_lives import LinkLives
from services.settings import Settings

LOOK_SECONDS = 2.0  # for what another process has added: what this one does wakes it
NUDGE_SECONDS = 0.05  # and then each time half as long again: what the engine was given and has not begun
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
    rates: list[Rates]
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
        own_limits: OwnLimits,
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
        self._own_limits = own_limits
        self._send = send
        self._may_send = may_send
        self._wake = threading.Event()
        self._closing = self._resting = False
        self._lives = LinkLives(database, settings.link_look_seconds)
        self._patience = Patience()
        self._fetching: set[tuple[str, int]] = set()
        self._held = HeldTimes()
        self._swept = time.monotonic()
        self._cancels_at = self._look_at = self._nudge = 0.0
        self.readmit()
        self._thread = threading.Thread(target=self._work, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def refused(self, generation: Generation, seconds: float | None, *, teaches: bool) -> None:
        """Hold what waits for an endpoint: it said that we ask too often (429), and when to come back, if it did.

        With `teaches` false that says nothing of how often would do.
        """
        key = generation.owner, generation.endpoint_id
        self._patience.hold(key, FIRST_HOLD_SECONDS if seconds is None else seconds)
        try:
            with self._database.transaction() as session:
                others = rates.others_in_flight(session, *key, generation.id)
                sent = self._patience.sent_lately(key) - 1
                learn = partial(
                    after_refusal, now=utc_now(), wait_seconds=seconds, others=others, sent=sent, teaches=teaches
                )
                rates.change(session, *key, learn)
            self._patience.settle(key)
        except StoreTrouble as error:  # held all the same, by what this process remembers
            logger.warning("a refusal could not be kept: %s", type(error).__name__)

    def rest(self) -> None:
        """Give out nothing more; what runs here can still be stopped from elsewhere."""
        self._resting = True

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
                    self._look_at = time.monotonic() + (LOOK_SECONDS if self._resting else self._look())
                elif self._nudge:  # another worker may have held the engine's lock; a look would cost far more
                    self._engine.ring()
                    self._nudge *= 1.5
                self._cancel_asked()
                wait = max(0.0, self._look_at - time.monotonic())
                wait = min(wait, self._nudge) if self._nudge else wait
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
        self._nudge = NUDGE_SECONDS if unclaimed else 0.0
        if unclaimed:
            self._engine.ring()
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
                rates=rates.standing(session) if waiting else [],
                pending=[videos.get(session, None, id) for id in videos.pending(session)],
            )

    def readmit(self) -> None:
        """Tell the engine again of what an earlier life, or a dead worker, told it: one id is one workflow."""
        self._fetching.clear()
        with self._database.reading() as session:
            known = [row for row in rows.admitted(session) if row.state is State.QUEUED]
        if self._send is None:
            self._engine.forget_over([row.id for row in known])
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
        room = Room(self._settings, self._own_limits, seen.rates, self._patience)
        for known in seen.admitted:
            room.take(known.owner, known.endpoint_id)
        may_send = bool(seen.waiting) and self._may_send()
        chosen = [row for row in seen.waiting if may_send and row.owner not in seen.paused and room.take_if_free(row)]
        if self._send is not None:
            self._begin(chosen, room, self._send)
            return False
        self._hand_to_engine(chosen)
        return bool(chosen) or any(known.state is State.QUEUED for known in seen.admitted)

    def _begin(self, chosen: list[Waiting], room: Room, send: Callable[[Generation], object]) -> None:
        """Claim all of them in one transaction, then send each."""
        if chosen:
            with self._database.transaction() as session:
                ids = [row.id for row in room.spend(session, chosen)]
                begun = rows.begin(session, ids, self._worker, utc_now()) if ids else []
            self._patience.note_sent([(one.owner, one.endpoint_id) for one in begun])
            for generation in begun:
                send(generation)

    def _hand_to_engine(self, chosen: list[Waiting]) -> None:
        """Admit under a lock that all processes share, counted anew: two that saw one free place fill it once."""
        if chosen:
            with self._database.transaction() as session:
                rows.admit_alone(session)
                room = Room(self._settings, self._own_limits, rates.standing(session), self._patience)
                for known in rows.admitted(session):
                    room.take(known.owner, known.endpoint_id)
                going = room.spend(session, [row for row in chosen if room.take_if_free(row)])
                admitted = [row for row in going if rows.admit(session, row.id, utc_now())]
            self._patience.note_sent([(row.owner, row.endpoint_id) for row in admitted])
            for row in admitted:
                self._engine.generate(row.id, row.owner)

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
