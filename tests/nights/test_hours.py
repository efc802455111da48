"""Which night is meant."""

from __future__ import annotations

import datetime as dt

import pytest

from services.nights.hours import next_hours, zone_of

BERLIN = zone_of("Europe/Berlin", 0)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("begin", "end", "now", "expected"),
    [
        ("22:00", "06:00", "2026-01-10T12:00+00:00", ("2026-01-10T22:00+00:00", "2026-01-11T06:00+00:00")),
        ("22:00", "06:00", "2026-01-10T23:30+00:00", ("2026-01-10T22:00+00:00", "2026-01-11T06:00+00:00")),
        ("22:00", "06:00", "2026-01-11T05:59+00:00", ("2026-01-10T22:00+00:00", "2026-01-11T06:00+00:00")),
        ("22:00", "06:00", "2026-01-11T06:00+00:00", ("2026-01-11T22:00+00:00", "2026-01-12T06:00+00:00")),
        ("01:00", "07:00", "2026-01-10T20:00+00:00", ("2026-01-11T01:00+00:00", "2026-01-11T07:00+00:00")),
    ],
)
def test_the_first_hours_that_are_not_over_are_meant(begin: str, end: str, now: str, expected: tuple[str, str]) -> None:
    found = next_hours(dt.time.fromisoformat(begin), dt.time.fromisoformat(end), dt.UTC, at(now))
    assert found == tuple(map(at, expected))


def test_hours_are_those_of_the_persons_own_clock() -> None:
    found = next_hours(dt.time(22), dt.time(6), zone_of("Asia/Shanghai", 0), at("2026-01-10T13:00+00:00"))
    assert found == (at("2026-01-10T14:00+00:00"), at("2026-01-10T22:00+00:00"))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28T20:00+00:00", 7), ("2026-10-24T20:00+00:00", 9)])
def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer(day: str, hours: int) -> None:
    begin, end = next_hours(dt.time(22), dt.time(6), BERLIN, at(day))
    assert end - begin == dt.timedelta(hours=hours)


def test_a_zone_nobody_knows_becomes_the_offset_the_browser_tells() -> None:
    assert zone_of(None, -300).utcoffset(None) == dt.timedelta(hours=-5)
    assert zone_of("../etc/passwd", 60).utcoffset(None) == dt.timedelta(hours=1)
