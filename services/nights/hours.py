"""Which night is meant by "from 22:00 to 6:00", in the person's own zone. Pure."""

from __future__ import annotations

import datetime as dt

_DAY = dt.timedelta(days=1)


def zone_of(name: str | None, offset_minutes: int) -> dt.tzinfo:
    """Return the zone of this name; where it is not known, the one that is so many minutes ahead of UTC now.

    >>> zone_of("Mars/Olympus", 90).utcoffset(None)
    datetime.timedelta(seconds=5400)
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # no night, no zone

    try:
        return ZoneInfo(name or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.timezone(dt.timedelta(minutes=offset_minutes))


def next_hours(begin: dt.time, end: dt.time, zone: dt.tzinfo, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the first such hours that are not over, in UTC. Those that have begun are meant too.

    `end` before `begin` is of the next day; each is told by its own day's clock, so that a night in which the clocks
    are changed is an hour longer or shorter. Equal times are a whole day.

    >>> noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    >>> [at.isoformat() for at in next_hours(dt.time(22), dt.time(6), dt.UTC, noon)]
    ['2026-03-01T22:00:00+00:00', '2026-03-02T06:00:00+00:00']
    >>> [at.isoformat() for at in next_hours(dt.time(9), dt.time(17), dt.UTC, noon)]
    ['2026-03-01T09:00:00+00:00', '2026-03-01T17:00:00+00:00']
    """
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        until_day = day if begin < end else day + _DAY
        from_at, until_at = _at(day, begin, zone), _at(until_day, end, zone)
        if until_at > now:
            return from_at, until_at
    raise AssertionError("tomorrow's hours are never over")


def _at(day: dt.date, time: dt.time, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)
