"""Spans of time cut so that kept hours and days add up to them exactly. Pure.

A reader's day begins with an hour of UTC in most of the world: hours make it up. Where it does not (India, Nepal), the
two hours it cuts are counted row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from db.usage_facts import DAY, HOUR

SECOND = 1
"""The grain of a piece that no kept total covers: its rows are counted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Slots `first` to before `after`, of `grain` seconds each, that belong to bucket number `bucket`."""

    bucket: int
    grain: int
    first: int
    after: int


def cover(edges: Sequence[int]) -> list[Piece]:
    """Return what makes up the buckets between these moments (seconds since 1970), each with the fewest slots.

    >>> cover([0, 2 * 86400])
    [Piece(bucket=0, grain=86400, first=0, after=2)]
    >>> [(one.grain, one.first, one.after) for one in cover([1800, 90000])]
    [(1, 1800, 3600), (3600, 1, 25)]
    """
    spans = enumerate(pairwise(edges))
    return [Piece(bucket, *slots) for bucket, (begin, end) in spans for slots in _slots(begin, end)]


def _slots(begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    first_hour, after_hour = -(-begin // HOUR), end // HOUR
    if first_hour >= after_hour:
        yield from _if_any(SECOND, begin, end)
        return
    yield from _if_any(SECOND, begin, first_hour * HOUR)
    yield from _hours(first_hour, after_hour)
    yield from _if_any(SECOND, after_hour * HOUR, end)


def _hours(first: int, after: int) -> Iterator[tuple[int, int, int]]:
    in_day = DAY // HOUR
    first_day, after_day = -(-first // in_day), after // in_day
    if first_day >= after_day:
        yield from _if_any(HOUR, first, after)
        return
    yield from _if_any(HOUR, first, first_day * in_day)
    yield from _if_any(DAY, first_day, after_day)
    yield from _if_any(HOUR, after_day * in_day, after)


def _if_any(grain: int, first: int, after: int) -> Iterator[tuple[int, int, int]]:
    if first < after:
        yield grain, first, after
