"""How long links live: what a link says of itself, what others of its host have shown. Pure: the caller has the clock.

A link of which it is not known is told nothing about. Source of the forms: PROTOCOL.md 4.2; the signing schemes of S3,
Google Cloud Storage, CloudFront, Azure, Alibaba OSS and Akamai.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from db.records import LinkLife

ENOUGH = 3
"""Observations needed before anything is said about a host."""

_LONGEST_DAYS = 7
_SIGNED = (("x-amz-date", "x-amz-expires"), ("x-goog-date", "x-goog-expires"), ("x-oss-date", "x-oss-expires"))
_ENDS = ("expires", "expire", "exp", "se", "x-expires", "expiry", "expires_at", "deadline", "e")
_INSIDE = re.compile(r"(?:^|[~&;])exp=(\d{10})(?=$|[~&;])")
_EARLIEST, _LATEST = dt.datetime(2015, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
_STEPS = (0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 1.6, 2.2)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one link.

    `ends_at`: when it will die, None if nobody knows; `stated`: the link says so itself. `typical_seconds`: how long
    links of this host lived, None below `ENOUGH` observations.
    """

    host: str
    ends_at: dt.datetime | None
    stated: bool
    typical_seconds: float | None


def host_of(url: str) -> str:
    """Return the host of a link, "" if it has none.

    >>> host_of("https://CDN.example:8443/a.mp4"), host_of("/files/a.mp4")
    ('cdn.example', '')
    """
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""


def stated_end(url: str) -> dt.datetime | None:
    """Return when a signed link says that it ends, None if it says nothing that can be believed.

    >>> str(stated_end("https://a/v?X-Amz-Date=20260102T030405Z&X-Amz-Expires=3600"))
    '2026-01-02 04:04:05+00:00'
    >>> str(stated_end("https://a/v?se=2026-01-07T00%3A00%3A00Z&sig=x")), stated_end("https://a/v?exp=soon")
    ('2026-01-07 00:00:00+00:00', None)
    """
    try:
        fields = {name.lower(): value.strip() for name, value in parse_qsl(urlsplit(url).query, max_num_fields=200)}
    except ValueError:
        return None
    ends = [_signed(fields.get(begun, ""), fields.get(lasts, "")) for begun, lasts in _SIGNED]
    ends += [_moment(fields.get(name, "")) for name in _ENDS]
    ends += [_moment(inside[1]) for value in fields.values() if (inside := _INSIDE.search(value))]
    return min((end for end in ends if end and _EARLIEST < end < _LATEST), default=None)


def _signed(begun: str, lasts: str) -> dt.datetime | None:
    if not (lasts.isascii() and lasts.isdigit() and len(lasts) < 9):
        return None
    try:
        return dt.datetime.strptime(begun, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC) + dt.timedelta(seconds=int(lasts))
    except ValueError:
        return None


def _moment(text: str) -> dt.datetime | None:
    """Return the time in seconds or milliseconds since 1970, or as ISO 8601 says it."""
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return dt.datetime.fromtimestamp(int(text[:10]), dt.UTC)
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)


def lived_seconds(life: LinkLife) -> float | None:
    """Return how long one link lived: as it said, else halfway between last seen to work and found gone."""
    end = life.expires_at
    if end is None and life.last_ok is not None and life.gone_at is not None:
        end = life.last_ok + (life.gone_at - life.last_ok) / 2
    seconds = (end - life.first_seen).total_seconds() if end else 0.0
    return seconds if seconds > 0 else None


def typical_seconds(lives: Iterable[LinkLife]) -> float | None:
    """Return the median life, None when too few have shown theirs."""
    from statistics import median  # no start needs it

    known = [seconds for life in lives if (seconds := lived_seconds(life)) is not None]
    return median(known) if len(known) >= ENOUGH else None


def expectation(url: str, first_seen: dt.datetime, typical: float | None) -> Expectation:
    """Return what is expected of a link first seen then, on a host whose links typically live so long."""
    stated = stated_end(url)
    learnt = None if typical is None else first_seen + dt.timedelta(seconds=typical)
    return Expectation(host_of(url), stated or learnt, stated is not None, typical)


def next_look(
    first_seen: dt.datetime, now: dt.datetime, *, first_seconds: float, typical: float | None
) -> dt.datetime | None:
    """Return when to look at a working link again: often around its host's usual end, else at twice its age."""
    age = max((now - first_seen).total_seconds(), 0.0)
    ages = [typical * step for step in _STEPS] if typical else [first_seconds]
    wait = next((point for point in ages if point > age + 1.0), max(2 * age, first_seconds))
    return None if wait > _LONGEST_DAYS * 86400 else first_seen + dt.timedelta(seconds=wait)
