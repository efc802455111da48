"""Which of what waits may go now: room in all, of a person, of an endpoint; its minute; its wish to be left alone."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from functools import cache
from threading import Lock
from typing import Any

from db import rates
from db.rates import Rates
from db.records import Waiting
from services.clock import utc_now
from services.endpoint.views import Limits
from services.jobs import patience
from services.settings import Settings

Key = tuple[str, str]
"""Whose, and at which endpoint: the same address of two people is two accounts."""
SETTLE_SECONDS = 1.0
OwnLimits = Callable[[str, str], Limits]


class Patience:
    """What this process heard of endpoints' patience: as good as the database's, and there when that is in trouble."""

    def __init__(self) -> None:
        self._held: dict[Key, float] = {}
        self._sent: dict[Key, deque[float]] = {}
        self._lock = Lock()

    def hold(self, key: Key, seconds: float) -> None:
        """Send nothing to an endpoint for a while."""
        with self._lock:
            self._held[key] = max(self._held.get(key, 0.0), time.monotonic() + seconds)

    def settle(self, key: Key) -> None:
        """Leave a hold to the database, which has it by now; a look that began before that still knows it."""
        with self._lock:
            self._held[key] = min(self._held.get(key, 0.0), time.monotonic() + SETTLE_SECONDS)

    def holds(self, key: Key) -> bool:
        """Tell whether nothing is to be sent to an endpoint now."""
        return self._held.get(key, 0.0) > time.monotonic()

    def note_sent(self, keys: Collection[Key] | Sequence[Key]) -> None:
        """Remember, for a minute, that something was sent to these."""
        now = time.monotonic()
        with self._lock:
            for key in keys:
                sent = self._sent.setdefault(key, deque(maxlen=patience.MOST_PER_MINUTE))
                sent.append(now)
                while now - sent[0] >= patience.MINUTE:
                    sent.popleft()

    def sent_lately(self, key: Key) -> int:
        """Count what was sent to an endpoint within the last minute."""
        now = time.monotonic()
        with self._lock:
            return sum(now - at < patience.MINUTE for at in self._sent.get(key, ()))


class Room:
    """How much more may be in flight, from one look at what is known."""

    def __init__(self, settings: Settings, own: OwnLimits, known: Sequence[Rates], heard: Patience) -> None:
        self._settings = settings
        self._own = cache(own)  # one look at the settings for all rows of an endpoint
        self._known = {(one.owner, one.endpoint_id): one for one in known}
        self._heard = heard
        self._now = utc_now()
        self._in_all = 0
        self._of_person: Counter[str] = Counter()
        self._of_endpoint: Counter[Key] = Counter()
        self._sent_now: Counter[Key] = Counter()

    def take(self, owner: str, endpoint_id: str) -> None:
        """Count one that is in flight."""
        self._in_all += 1
        self._of_person[owner] += 1
        self._of_endpoint[owner, endpoint_id] += 1

    def take_if_free(self, row: Waiting) -> bool:
        """Count one more if it fits."""
        key = row.owner, row.endpoint_id
        if not self._fits(key):
            return False
        self.take(*key)
        self._sent_now[key] += 1
        return True

    def _fits(self, key: Key) -> bool:
        known = self._rates(key)
        if self._heard.holds(key) or patience.held_until(known, self._now) is not None:
            return False
        limits = patience.allowed(self._own(*key), known, self._now)
        free = patience.free(limits.per_minute, known.recent, self._now.timestamp())
        return (
            self._in_all < self._settings.concurrency
            and self._of_person[key[0]] < self._settings.person_concurrency
            and self._of_endpoint[key] < (limits.at_once or self._settings.endpoint_concurrency)
            and (free is None or self._sent_now[key] < free)
        )

    def spend(self, session: Any, chosen: Sequence[Waiting]) -> list[Waiting]:
        """Take from the minute of each endpoint that has such a limit, in the transaction that lets them go.

        Return those there was enough for: another process may have been quicker.
        """
        going: list[Waiting] = []
        of_each: dict[Key, list[Waiting]] = {}
        for row in chosen:
            of_each.setdefault((row.owner, row.endpoint_id), []).append(row)
        for key, rows in of_each.items():
            limit = patience.allowed(self._own(*key), self._rates(key), self._now).per_minute
            going += rows if limit is None else rows[: _taken(session, key, limit, len(rows), self._now)]
        order = {row.id: place for place, row in enumerate(chosen)}
        return sorted(going, key=lambda row: order[row.id])

    def _rates(self, key: Key) -> Rates:
        return self._known.get(key) or Rates(owner=key[0], endpoint_id=key[1])


def _taken(session: Any, key: Key, limit: int, wanted: int, now: dt.datetime) -> int:
    count = 0

    def send(known: Rates) -> Rates:
        nonlocal count
        after, count = patience.after_sending(known, limit, wanted, now.timestamp())
        return after

    rates.change(session, *key, send)
    return count
