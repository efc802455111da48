"""A person's line: which number each one has, why it still waits, until when, and when it may start."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from db import generations as rows
from db import preferences, rates
from db.database import Database
from db.rates import Rates
from db.records import Generation, InLine
from db.states import State
from services.clock import utc_now
from services.endpoint.profiles import Endpoints
from services.endpoint.views import Limits
from services.generations import starting
from services.generations.pace import Pace, pace
from services.generations.paces import pace_of, took_of
from services.jobs import patience
from services.jobs.hand import PAUSED, Hand
from services.settings import Settings


class Why(StrEnum):
    """Why one waits."""

    PAUSED = "paused"  # the person paused the queue
    REFUSED = "refused"  # the endpoint said "too many requests": nothing is sent there before `until`
    MINUTE = "minute"  # as many as a minute allows were sent; the next goes at `until`
    AT_ONCE = "at_once"  # the endpoint works on as many as it may, `limit` of them
    PERSON = "person"  # as many of this person's run as may, `limit` of them
    TURN = "turn"  # it goes in a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one stands: `number` 1 goes first. `starts_at` None: nobody can tell."""

    number: int
    why: Why
    until: dt.datetime | None = None
    limit: int | None = None
    starts_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How an endpoint is asked at present: what was set, what its refusals taught, and its last one."""

    endpoint_id: str
    own: Limits
    learned: Limits
    refused_at: dt.datetime | None
    held_until: dt.datetime | None
    wait_seconds: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line."""

    owner: str
    database: Database
    settings: Settings
    endpoints: Endpoints
    hand: Hand

    def pace(self, generation: Generation) -> Pace | None:
        """Return what answers like this one took; None while too few have ended."""
        return pace_of(generation, self.database)

    def places(self) -> dict[str, Place]:
        """Return where each queued one stands, by id, in the order of the line."""
        with self.database.reading() as session:
            line = rows.in_line(session, self.owner)
            paused = preferences.get(session, self.owner, PAUSED) == "1"
            known = {one.endpoint_id: one for one in rates.standing(session) if one.owner == self.owner}
        waiting = [one for one in line if one.state == State.QUEUED]
        if not waiting:
            return {}
        if paused:
            return {one.id: Place(number=number, why=Why.PAUSED) for number, one in enumerate(waiting, 1)}
        now = utc_now()
        running = [one for one in line if one.state != State.QUEUED]
        gates = {one.endpoint_id: self._gate(one.endpoint_id, known, now) for one in line}
        begins = self._begins(running, waiting, gates, now)
        count, at_once = Counter(one.endpoint_id for one in running), self._person_at_once()
        return {
            one.id: _place(number, gates[one.endpoint_id], count[one.endpoint_id], len(running), at_once, begun, now)
            for number, (one, begun) in enumerate(zip(waiting, begins, strict=True), 1)
        }

    def manner(self, endpoint_id: str) -> Manner:
        """Return how an endpoint is asked."""
        with self.database.reading() as session:
            known = rates.get(session, self.owner, endpoint_id)
        return self._manner(known, utc_now())

    def holds(self) -> list[Manner]:
        """Return the endpoints to which nothing is sent for now, because they refused."""
        now = utc_now()
        with self.database.reading() as session:
            mine = [one for one in rates.standing(session) if one.owner == self.owner]
        return [self._manner(one, now) for one in mine if patience.held_until(one, now) is not None]

    def forget(self, endpoint_id: str) -> None:
        """Forget an endpoint's refusals and what they taught: what waits goes at once."""
        with self.database.transaction() as session:
            rates.forget(session, self.owner, endpoint_id)
        self.hand.wake()

    def _manner(self, known: Rates, now: dt.datetime) -> Manner:
        return Manner(
            endpoint_id=known.endpoint_id,
            own=self.endpoints.limits(known.endpoint_id),
            learned=patience.learned(known, now),
            refused_at=known.refused_at,
            held_until=patience.held_until(known, now),
            wait_seconds=known.wait_seconds,
        )

    def _person_at_once(self) -> int:
        return min(self.settings.person_concurrency, self.settings.concurrency)

    def _gate(self, endpoint_id: str, known: dict[str, Rates], now: dt.datetime) -> starting.Gate:
        rate = known.get(endpoint_id) or Rates(owner=self.owner, endpoint_id=endpoint_id)
        limits = patience.allowed(self.endpoints.limits(endpoint_id), rate, now)
        held = patience.held_until(rate, now)
        return starting.Gate(
            at_once=limits.at_once or self.settings.endpoint_concurrency,
            per_minute=limits.per_minute,
            recent=rate.recent,
            not_before=0.0 if held is None else held.timestamp(),
        )

    def _begins(
        self,
        running: Sequence[InLine],
        waiting: Sequence[InLine],
        gates: dict[str, starting.Gate],
        now: dt.datetime,
    ) -> list[float | None]:
        took = took_of(self.owner, self.database)

        def job(one: InLine) -> starting.Job:
            usual = pace(took, one.endpoint_id, one.model, one.asked_seconds, demo=one.demo)
            elapsed = 0.0 if one.sent_at is None else max(0.0, (now - one.sent_at).total_seconds())
            return starting.Job(one.endpoint_id, None if usual is None else usual.left(elapsed))

        jobs = [job(one) for one in running], [job(one) for one in waiting]
        return starting.starts(*jobs, gates, self._person_at_once(), now.timestamp())


def _place(  # noqa: PLR0913  # what a place is made of
    number: int, gate: starting.Gate, at_endpoint: int, in_all: int, at_once: int, begun: float | None, now: dt.datetime
) -> Place:
    starts_at = None if begun is None else dt.datetime.fromtimestamp(begun, dt.UTC)
    opens = patience.opens_at(gate.per_minute, gate.recent, now.timestamp())
    why, until, limit = Why.TURN, None, None
    if gate.not_before > now.timestamp():
        why, until = Why.REFUSED, gate.not_before
    elif at_endpoint >= gate.at_once:
        why, limit = Why.AT_ONCE, gate.at_once
    elif in_all >= at_once:
        why, limit = Why.PERSON, at_once
    elif opens is not None:
        why, until, limit = Why.MINUTE, opens, gate.per_minute
    ends = None if until is None else dt.datetime.fromtimestamp(until, dt.UTC)
    return Place(number=number, why=why, until=ends, limit=limit, starts_at=starts_at)
