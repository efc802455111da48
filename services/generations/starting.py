"""When what waits may start: played forward from what runs, what may run at once, and what answers took. Pure.

What is not known stays unknown: a slot whose end nobody can tell is never counted on.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.jobs.patience import opens_at

MOST: Final = 100
"""How many of a line are played: what comes after them starts "later", which is all anybody can say."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What an endpoint lets through: how many at once, how many a minute (times in Unix seconds), not before when."""

    at_once: int
    per_minute: int | None = None
    recent: tuple[float, ...] = ()
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """One that runs (`seconds` are those left) or waits (those it will take); None: nobody can tell."""

    endpoint_id: str
    seconds: float | None


@dataclass(slots=True)
class _Play:
    """The state of the line at one moment."""

    gates: Mapping[str, Gate]
    at_once: int
    of_endpoint: Counter[str] = field(default_factory=Counter)
    in_all: int = 0
    sent: dict[str, tuple[float, ...]] = field(default_factory=dict)
    moments: list[tuple[float, str]] = field(default_factory=list)  # when; which endpoint gets a slot back ("": none)

    def begin(self, job: Job, now: float) -> None:
        self.in_all += 1
        self.of_endpoint[job.endpoint_id] += 1
        if job.seconds is not None:
            heapq.heappush(self.moments, (now + job.seconds, job.endpoint_id))

    def end(self, endpoint_id: str) -> None:
        if endpoint_id:
            self.in_all -= 1
            self.of_endpoint[endpoint_id] -= 1

    def lets(self, job: Job, now: float) -> bool:
        """Tell whether one may start now; if only time is missing, remember the moment."""
        gate = self.gates[job.endpoint_id]
        if self.in_all >= self.at_once or self.of_endpoint[job.endpoint_id] >= gate.at_once:
            return False
        recent = self.sent.get(job.endpoint_id, gate.recent)
        opens = max(gate.not_before, opens_at(gate.per_minute, recent, now) or 0.0)
        if opens > now:
            if (opens, "") not in self.moments:
                heapq.heappush(self.moments, (opens, ""))
            return False
        if gate.per_minute is not None:
            self.sent[job.endpoint_id] = (*recent, now)
        return True


def starts(
    running: Sequence[Job], waiting: Sequence[Job], gates: Mapping[str, Gate], at_once: int, now: float
) -> list[float | None]:
    """Return for each that waits, in the order of the line, when it starts (Unix seconds); None: nobody can tell.

    `at_once` is how many of the person's run together.
    """
    play = _Play(gates, at_once)
    for job in running:
        play.begin(job, now)
    found: list[float | None] = [None] * len(waiting)
    left = list(enumerate(waiting[:MOST]))
    moment = now
    while left:
        begun = {place for place, job in left if play.lets(job, moment) and _begin(play, job, moment)}
        for place in begun:
            found[place] = moment
        left = [(place, job) for place, job in left if place not in begun]
        if not play.moments:
            break
        moment, endpoint_id = heapq.heappop(play.moments)
        play.end(endpoint_id)
    return found


def _begin(play: _Play, job: Job, now: float) -> bool:
    play.begin(job, now)
    return True
