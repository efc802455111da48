"""How long prompts wait for a place: arrivals, generations of minutes, places over all workers. Nothing is run.

    python -m benchmarks.queue_simulation

A place is a stream slot (DAILIES_WORKER_CONCURRENCY times workers, at most DAILIES_CONCURRENCY). Prompts come at random
through eight busy hours, the first of which is not counted; each takes as long as a video does. Who waits longest goes
next, unless that person has as many running as one may (DAILIES_PERSON_CONCURRENCY), as in services/jobs/admission.py.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from benchmarks.ground import Table, quantile

MEAN_MINUTES, SPREAD = 4.0, 0.76  # of a lognormal: half take less than 3.0 minutes, one of twenty more than 10.5
A_PERSON_AN_HOUR = 2.4  # in busy hours: twelve a day, a fifth of them in the busiest hour
HOURS = 8
PERSON_LIMIT = 8
CASES = ((10, (2, 3, 5)), (100, (16, 20, 30)), (1000, (160, 180, 200)), (10_000, (1600, 1700, 2000)))
Draw = Callable[[], float]


@dataclass(slots=True)
class Queue:
    """Places, who runs, who waits."""

    places: int
    person_limit: int
    waiting: dict[int, deque[float]] = field(default_factory=dict)
    running: dict[int, int] = field(default_factory=dict)
    eligible: list[tuple[float, int]] = field(default_factory=list)
    ends: list[tuple[float, int]] = field(default_factory=list)
    waits: list[tuple[float, float, int]] = field(default_factory=list)

    def come(self, now: float, person: int) -> None:
        """A prompt joins the line."""
        line = self.waiting.setdefault(person, deque())
        line.append(now)
        if len(line) == 1:
            self._offer(person)

    def begin(self, now: float, minutes: Draw) -> None:
        """Fill the free places."""
        while len(self.ends) < self.places and self.eligible:
            came, person = heapq.heappop(self.eligible)
            self.waiting[person].popleft()
            self.running[person] = self.running.get(person, 0) + 1
            heapq.heappush(self.ends, (now + minutes(), person))
            self.waits.append((came, now - came, person))
            self._offer(person)

    def end(self) -> None:
        """The next one ends."""
        _, person = heapq.heappop(self.ends)
        self.running[person] -= 1
        if self.running[person] == self.person_limit - 1:
            self._offer(person)

    def _offer(self, person: int) -> None:
        if self.waiting.get(person) and self.running.get(person, 0) < self.person_limit:
            heapq.heappush(self.eligible, (self.waiting[person][0], person))


def simulate(
    arrivals: Iterable[tuple[float, int]], places: int, minutes: Draw, *, person_limit: int = PERSON_LIMIT
) -> list[tuple[float, float, int]]:
    """Return when each came, how many minutes it waited, and whose it was; `arrivals` are in order.

    >>> [wait for _, wait, _ in simulate([(0, 1), (0, 1), (0, 2)], 2, lambda: 4.0, person_limit=1)]
    [0, 0, 4.0]
    """
    queue = Queue(places, person_limit)
    for now, person in arrivals:
        while queue.ends and queue.ends[0][0] <= now:
            at = queue.ends[0][0]
            queue.end()
            queue.begin(at, minutes)
        queue.come(now, person)
        queue.begin(now, minutes)
    while queue.ends:
        at = queue.ends[0][0]
        queue.end()
        queue.begin(at, minutes)
    return queue.waits


def arrivals(chance: random.Random, people: int) -> list[tuple[float, int]]:
    """Return when prompts come, in minutes, and whose they are."""
    each = people * A_PERSON_AN_HOUR / 60
    found, now = [], 0.0
    while (now := now + chance.expovariate(each)) < HOURS * 60:
        found.append((now, chance.randrange(people)))
    return found


def video(chance: random.Random) -> Draw:
    """Return how to draw the minutes of one generation."""
    median = math.log(MEAN_MINUTES) - SPREAD**2 / 2
    return lambda: chance.lognormvariate(median, SPREAD)


def erlang_wait(rate: float, mean: float, places: int) -> float:
    """Return the mean wait that theory gives where durations are exponential (Erlang C)."""
    load, term, total = rate * mean, 1.0, 1.0
    for number in range(1, places):
        term *= load / number
        total += term
    last = term * load / places * places / (places - load)
    return last / (total + last) * mean / (places - load)


def main() -> None:
    """Print the tables."""
    table = Table("Waiting for a place, minutes", "places", "busy", "p50", "p95", "most")
    for people, sizes in CASES:
        for places in sizes:
            chance = random.Random(people)
            waits = [wait for came, wait, _ in simulate(arrivals(chance, people), places, video(chance)) if came > 60]
            busy = people * A_PERSON_AN_HOUR / 60 * MEAN_MINUTES / places
            cells = [f"{quantile(waits, part):.1f}" for part in (0.5, 0.95, 1.0)]
            table.row(f"{people:,} people", str(places), f"{busy:.0%}", *cells)
    table.show()
    batch()
    check()


def batch() -> None:
    """Show what 99 others wait while one of a hundred queues 300 at once."""
    table = Table(
        "One of 100 people queues 300 at once; 20 places: what the others wait, minutes", "p50", "p95", "most"
    )
    for limit in (4, PERSON_LIMIT, 20):
        chance = random.Random(7)
        came = sorted([*arrivals(chance, 100), *((120.0, 0) for _ in range(300))])
        waits = [wait for at, wait, who in simulate(came, 20, video(chance), person_limit=limit) if who and at > 120]
        table.row(f"{limit} of one person at once", *(f"{quantile(waits, part):.1f}" for part in (0.5, 0.95, 1.0)))
    table.show()


def check() -> None:
    """Show the simulation beside the formula, where there is one."""
    table = Table("Mean wait, durations exponential, no limit a person, minutes", "simulated", "Erlang C")
    for people, places in ((100, 18), (100, 20)):
        means = []
        for seed in range(20):
            chance = random.Random(seed)
            draw = partial(chance.expovariate, 1 / MEAN_MINUTES)
            waits = simulate(arrivals(chance, people), places, draw, person_limit=places)
            late = [wait for came, wait, _ in waits if came > 60]
            means.append(sum(late) / len(late))
        expected = erlang_wait(people * A_PERSON_AN_HOUR / 60, MEAN_MINUTES, places)
        table.row(f"{people} people, {places} places", f"{sum(means) / len(means):.2f}", f"{expected:.2f}")
    table.show()


if __name__ == "__main__":
    main()
