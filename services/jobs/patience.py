"""How often an endpoint may be asked: what a person set, and what its refusals (429, Retry-After) taught. Pure.

What waits holds; what was refused is never sent again by itself (RELIABILITY b). A refusal tells how long to wait, and
by what was under way at that moment how much was too much: as many at once as were left, or, if none was, as many a
minute as had been sent. That is a guess, so it wears off: one more each ten minutes, and after an hour it is forgotten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from db.rates import Rates
from services.endpoint.views import Limits

MINUTE: Final = 60.0
MOST_PER_MINUTE: Final = 600
"""More is no limit to anybody: ten a second."""
FIRST_HOLD_SECONDS: Final = 30.0
LONGEST_HOLD_SECONDS: Final = 480.0
"""After a 429 that does not say when to come back, doubling with each that follows the wait for the one before."""
LONGEST_ASKED_SECONDS: Final = 86_400.0
SAME_SPELL_SECONDS: Final = 600.0
WEARS_OFF_SECONDS: Final = 600.0
FORGOTTEN_SECONDS: Final = 3600.0


def held_until(rates: Rates, now: dt.datetime) -> dt.datetime | None:
    """Return until when nothing is sent; None if something may be. A hold beyond a day is a clock put back."""
    until = rates.hold_until
    if until is None or until <= now or (until - now).total_seconds() > LONGEST_ASKED_SECONDS:
        return None
    return until


def learned(rates: Rates, now: dt.datetime) -> Limits:
    """Return what its refusals taught, as far as it still holds."""
    age = None if rates.learned_at is None else (now - rates.learned_at).total_seconds()
    if age is None or not 0 <= age < FORGOTTEN_SECONDS:
        return Limits()
    more = int(age // WEARS_OFF_SECONDS)
    at_once, per_minute = rates.learned_at_once, rates.learned_per_minute
    return Limits(at_once and at_once + more, per_minute and per_minute + more)


def allowed(own: Limits, rates: Rates, now: dt.datetime) -> Limits:
    """Return what holds now: the narrower of what was set and what was learned."""
    taught = learned(rates, now)
    return Limits(_narrower(own.at_once, taught.at_once), _narrower(own.per_minute, taught.per_minute))


def after_refusal(
    rates: Rates, now: dt.datetime, *, wait_seconds: float | None, others: int, sent: int, teaches: bool = True
) -> Rates:
    """Return what is known after a 429.

    `wait_seconds` is its Retry-After; `others` how many are under way there besides; `sent` how many were sent in the
    minute before, besides. With `teaches` false it is about something else than how often (no money left).
    """
    burst = held_until(rates, now) is not None  # sent before the first of them was heard: one refusal, not many
    ended = rates.hold_until
    follows = ended is not None and 0 <= (now - ended).total_seconds() < SAME_SPELL_SECONDS
    refusals = rates.refusals if burst else rates.refusals + 1 if follows else 1
    guess = min(FIRST_HOLD_SECONDS * 2 ** (max(1, refusals) - 1), LONGEST_HOLD_SECONDS)
    until = now + dt.timedelta(seconds=guess if wait_seconds is None else min(wait_seconds, LONGEST_ASKED_SECONDS))
    if burst and ended is not None and ended > until:
        until, wait_seconds = ended, rates.wait_seconds
    known = replace(rates, refused_at=now, hold_until=until, wait_seconds=wait_seconds, refusals=refusals)
    return _taught(known, now, others, sent) if teaches else known


def _taught(rates: Rates, now: dt.datetime, others: int, sent: int) -> Rates:
    before = learned(rates, now)
    if others > 0:
        return replace(rates, learned_at_once=_narrower(before.at_once, others), learned_at=now)
    if sent > 0:
        count = _narrower(before.per_minute, min(sent, MOST_PER_MINUTE))
        return replace(rates, learned_per_minute=count, learned_at=now)
    return rates


def free(per_minute: int | None, recent: Sequence[float], now: float) -> int | None:
    """Return how many more may be sent now, of so many in any minute; None: no limit. Times in Unix seconds.

    >>> free(3, (10.0, 50.0), 60.0), free(3, (10.0, 50.0), 75.0), free(None, (), 0.0)
    (1, 2, None)
    """
    return None if per_minute is None else max(0, per_minute - len(_last_minute(recent, now)))


def opens_at(per_minute: int | None, recent: Sequence[float], now: float) -> float | None:
    """Return when the next may be sent; None: at once. In Unix seconds.

    >>> opens_at(2, (10.0, 50.0), 60.0), opens_at(3, (10.0, 50.0), 60.0), opens_at(1, (10.0, 50.0), 60.0)
    (70.0, None, 110.0)
    """
    last = _last_minute(recent, now)
    if per_minute is None or len(last) < per_minute:
        return None
    return last[len(last) - per_minute] + MINUTE


def after_sending(rates: Rates, per_minute: int, wanted: int, now: float) -> tuple[Rates, int]:
    """Return what is known once as many of `wanted` as the minute still allows were sent, and how many those are."""
    last = _last_minute(rates.recent, now)
    count = max(0, min(wanted, per_minute - len(last)))
    return replace(rates, recent=(*last, *[now] * count)), count


def _last_minute(recent: Sequence[float], now: float) -> list[float]:
    """Return what was sent within the minute; what lies ahead was written before the clock was put back."""
    return [at for at in recent if now - MINUTE < at <= now]


def _narrower(one: int | None, other: int | None) -> int | None:
    known = [limit for limit in (one, other) if limit is not None]
    return min(known) if known else None
