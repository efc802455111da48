"""When a day or a month begins, by the clock of a zone. Pure."""

from __future__ import annotations

import datetime as dt

from db.budgets import Period
from services.nights.hours import zone_of


def zone_named(text: str) -> dt.tzinfo:
    """Return the zone that a budget names: "Asia/Shanghai", or minutes ahead of UTC where the browser named none.

    >>> zone_named("+90").utcoffset(None)
    datetime.timedelta(seconds=5400)
    """
    sign, minutes = text[:1], text[1:]
    if sign in ("+", "-") and minutes.isdigit() and int(minutes) < 24 * 60:
        return dt.timezone(dt.timedelta(minutes=int(text)))
    return zone_of(text, 0)


def bounds(period: Period, zone: dt.tzinfo, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return when the present day or month began and when the next one begins, in UTC.

    Each by its own day's clock: a day on which the clocks are changed is an hour longer or shorter.

    >>> at = dt.datetime(2026, 2, 28, 20, tzinfo=dt.UTC)
    >>> [one.isoformat() for one in bounds(Period.DAY, dt.UTC, at)]
    ['2026-02-28T00:00:00+00:00', '2026-03-01T00:00:00+00:00']
    >>> [one.isoformat() for one in bounds(Period.MONTH, zone_named("+480"), at)]
    ['2026-02-28T16:00:00+00:00', '2026-03-31T16:00:00+00:00']
    """
    first = now.astimezone(zone).date()
    if period is Period.MONTH:
        first = first.replace(day=1)
        after = (first + dt.timedelta(days=31)).replace(day=1)
    else:
        after = first + dt.timedelta(days=1)
    return _midnight(first, zone), _midnight(after, zone)


def _midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC)
