"""Spans of time as people ask for them, cut into days or months of the reader's own calendar. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

MOST_DAYS: Final = 92
"""Longer spans are told by month: nobody reads more bars than these."""
MOST_MONTHS: Final = 240


class Reach(StrEnum):
    """How far back."""

    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"
    THIS_MONTH = "month"
    LAST_MONTH = "last-month"
    YEAR = "year"
    ALL = "all"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Span:
    """Buckets of time, one after the other: `edges` are when each begins and, last, when all end."""

    edges: tuple[dt.datetime, ...]
    by_month: bool

    @property
    def whole(self) -> Span:
        """The same time in one bucket."""
        return Span((self.edges[0], self.edges[-1]), self.by_month)

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The first day of each bucket."""
        return tuple(edge.date() for edge in self.edges[:-1])

    @property
    def last(self) -> dt.date:
        """The last day of all."""
        return self.edges[-1].date() - dt.timedelta(days=1)


def span(
    reach: Reach, now: dt.datetime, *, first: dt.datetime | None = None, own: tuple[dt.date, dt.date] | None = None
) -> Span:
    """Return the buckets of a reach for a reader whose clock shows `now`.

    Args:
        reach: how far back.
        now: the present, in the reader's zone; days begin at its midnights.
        first: when the first generation was made, for `ALL`.
        own: the first and the last day, for `OWN`; in either order.
    """
    begin, last = _ends(reach, now, first, own)
    by_month = (last - begin).days >= MOST_DAYS
    days = _months(begin, last) if by_month else _each_day(begin, last)
    edges = [dt.datetime.combine(day, dt.time(), now.tzinfo) for day in (*days, last + dt.timedelta(days=1))]
    return Span(tuple(edges), by_month)


def _ends(
    reach: Reach, now: dt.datetime, first: dt.datetime | None, own: tuple[dt.date, dt.date] | None
) -> tuple[dt.date, dt.date]:
    today = now.date()
    if reach is Reach.OWN and own is not None:
        return max(min(own), _oldest(max(own))), max(own)
    if reach is Reach.THIS_MONTH:
        return today.replace(day=1), today
    if reach is Reach.LAST_MONTH:
        last = today.replace(day=1) - dt.timedelta(days=1)
        return last.replace(day=1), last
    if reach is Reach.YEAR:
        return _back(today.replace(day=1), 11), today
    if reach is Reach.ALL:
        begin = today if first is None else first.astimezone(now.tzinfo).date()
        return max(min(begin, today), _oldest(today)), today
    days = int(reach) if reach.isdecimal() else int(Reach.MONTH)
    return today - dt.timedelta(days=days - 1), today


def _oldest(last: dt.date) -> dt.date:
    return _back(last.replace(day=1), MOST_MONTHS - 1)


def _back(month: dt.date, count: int) -> dt.date:
    number = month.year * 12 + month.month - 1 - count
    return dt.date(max(1, number // 12), number % 12 + 1, 1)


def _each_day(begin: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - begin).days + 1):
        yield begin + dt.timedelta(days=number)


def _months(begin: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = begin
    while day <= last:
        yield day
        day = _back(day.replace(day=1), -1)


def lengths(of: Span) -> tuple[int, ...]:
    """Return how many days each bucket has.

    >>> lengths(span(Reach.OWN, dt.datetime(2026, 5, 1), own=(dt.date(2026, 1, 30), dt.date(2026, 5, 2))))
    (2, 28, 31, 30, 2)
    """
    return tuple((after.date() - before.date()).days for before, after in pairwise(of.edges))
