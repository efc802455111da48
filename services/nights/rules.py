"""What is to be done next about a night shift, from what has come of its prompts so far. Pure.

One prompt is under way at a time. What counts is what was sent; what is not known is never taken for nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from db.nights import Night, Part
from db.states import ENDED, WAITING, Outcome, State

LIKE_FAILURES: Final = 3
_SURELY_FREE: Final = frozenset({State.REJECTED, State.NOT_SENT})


class Reason(StrEnum):
    """Why a shift has ended."""

    DONE = "done"
    BY_HAND = "stopped"
    SENT = "sent"
    TOKENS = "tokens"
    TOKENS_UNKNOWN = "tokens_unknown"
    FAILURES = "failures"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Bill:
    """What a shift has come to. `tokens` are those that were named; `unknown`: how many answers named none."""

    sent: int
    tokens: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Next:
    """What to do: end for a reason, let one prompt go, or (neither) wait."""

    end: Reason | None = None
    send: str | None = None


WAIT: Final = Next()


def bill(parts: Sequence[Part]) -> Bill:
    """Return what these prompts have come to. What was surely not charged names no tokens and owes none."""
    sent = [part for part in parts if part.sent_at is not None]
    counted = [part for part in sent if part.state in ENDED]
    named = [part.total_tokens for part in counted if part.total_tokens is not None]
    unknown = sum(part.total_tokens is None and part.state not in _SURELY_FREE for part in counted)
    return Bill(len(sent), sum(named), unknown)


def may_cost(part: Part) -> bool:
    """Tell whether a prompt that has ended may have to be paid for."""
    if part.demo or part.charged is False or part.state not in ENDED:
        return False
    return part.charged is True or (part.state not in _SURELY_FREE and part.sent_at is not None)


def prompts_for(money: Decimal, price: Decimal) -> int:
    """Return how many prompts a sum pays for, each at its person's own price, in the same currency. Never one too many.

    >>> prompts_for(Decimal("2"), Decimal("0.30")), prompts_for(Decimal("0.90"), Decimal("0.30"))
    (6, 3)
    """
    return int(money // price)


def failure(part: Part) -> str | None:
    """Return what went wrong with a prompt that has ended, alike for like failures; None if nothing did.

    What its person stopped is no failure.
    """
    if part.state not in ENDED or part.state is State.CANCELLED:
        return None
    if part.state is not State.DONE:
        return f"{part.state}:{part.error_code or ''}"
    if part.outcome is not Outcome.VIDEO:
        return f"done:{part.outcome or ''}"
    return None if part.unsaved is None else f"unsaved:{part.unsaved}"


def next_of(night: Night, parts: Sequence[Part], now: dt.datetime) -> Next:
    """Return what to do about an open shift at this moment."""
    if now < night.from_at:
        return WAIT
    if now >= night.until_at:
        return Next(end=Reason.HOURS if any(part.state in WAITING for part in parts) else _all_told(parts))
    if any(part.state not in ENDED and part.state is not State.HELD for part in parts):
        return WAIT
    held = [part for part in parts if part.state is State.HELD]
    if not held:
        return Next(end=_all_told(parts))
    ends = _reason_to_end(night, parts)
    return Next(send=held[0].id) if ends is None else Next(end=ends)


def _all_told(parts: Sequence[Part]) -> Reason:
    return Reason.DONE if all(part.sent_at is not None for part in parts) else Reason.BY_HAND


def _reason_to_end(night: Night, parts: Sequence[Part]) -> Reason | None:
    owed = bill(parts)
    if owed.sent >= night.most_sent:
        return Reason.SENT
    if night.most_tokens is not None and owed.tokens >= night.most_tokens:
        return Reason.TOKENS
    if night.most_tokens is not None and owed.unknown:
        return Reason.TOKENS_UNKNOWN
    return Reason.FAILURES if _fails_alike(parts) else None


def _fails_alike(parts: Sequence[Part]) -> bool:
    """Tell whether the last prompts that ended by themselves all failed in the same way."""
    ended = [part for part in parts if part.sent_at is not None and part.state is not State.CANCELLED]
    last = [failure(part) for part in ended[-LIKE_FAILURES:]]
    return len(last) == LIKE_FAILURES and last[0] is not None and len(set(last)) == 1
