"""Days as people write them, and the facets that stand for a span of days. Pure: today is given."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?")
_BACK = re.compile(r"(\d{1,4})([dwmy])")
_LENGTHS = {"d": 1, "w": 7, "m": 30, "y": 365}


def day_of(text: str, today: dt.date) -> dt.date | None:
    """Return the day that `2026-03-15`, `2026-03`, `2026`, `today`, `yesterday` or `7d` names; None if it names none.

    A month or a year is its first day; `7d` is seven days ago (d, w, m, y).

    >>> today = dt.date(2026, 3, 15)
    >>> [str(day_of(text, today)) for text in ("2026-02", "today", "yesterday", "2w", "soon", "2026-13")]
    ['2026-02-01', '2026-03-15', '2026-03-14', '2026-03-01', 'None', 'None']
    """
    named = {"today": 0, "yesterday": 1}
    if text in named:
        return today - dt.timedelta(days=named[text])
    try:
        if back := _BACK.fullmatch(text):
            return today - dt.timedelta(days=int(back[1]) * _LENGTHS[back[2]])
        if date := _DATE.fullmatch(text):
            return dt.date(int(date[1]), int(date[2] or 1), int(date[3] or 1))
    except (ValueError, OverflowError):  # there is no such day
        return None
    return None


def midnight(day: dt.date, offset_minutes: int) -> dt.datetime:
    """Return when a day begins for somebody whose clock is `offset_minutes` ahead of UTC.

    Days at the very ends of the calendar are taken as they are.
    """
    at = dt.datetime.combine(day, dt.time(), dt.UTC)
    try:
        return at - dt.timedelta(minutes=offset_minutes)
    except OverflowError:
        return at


def day_facets(first: dt.date, last: dt.date) -> tuple[str, ...]:
    """Return the fewest year, month and day facets that make up these days (UTC), both ends included.

    >>> day_facets(dt.date(2025, 12, 30), dt.date(2027, 1, 1))
    ('d20251230', 'd20251231', 'd2026', 'd20270101')
    >>> day_facets(dt.date(2026, 1, 2), dt.date(2026, 1, 1))
    ()
    """
    return tuple(_facets(first, last))


def _facets(first: dt.date, last: dt.date) -> Iterator[str]:
    day = first
    while day <= last:
        for length, end in ((4, _year_end(day)), (6, _month_end(day)), (8, day)):
            begins = day.day == 1 and (length == 6 or day.month == 1)
            if length == 8 or (begins and end <= last):
                yield "d" + day.strftime("%Y%m%d").rjust(8, "0")[:length]
                if end == dt.date.max:
                    return
                day = end + dt.timedelta(days=1)
                break


def _month_end(day: dt.date) -> dt.date:
    if day.month == 12:
        return _year_end(day)
    return day.replace(month=day.month + 1, day=1) - dt.timedelta(days=1)


def _year_end(day: dt.date) -> dt.date:
    return day.replace(month=12, day=31)
