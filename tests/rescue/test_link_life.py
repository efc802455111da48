"""What links say of their end, and what their hosts' links teach."""

from __future__ import annotations

import datetime as dt

import pytest

from db.records import LinkLife
from services.media.link_life import expectation, lived_seconds, next_look, stated_end, typical_seconds
from tests.db.rows import NOW

MINUTE = dt.timedelta(minutes=1)


def seen(minutes_ok: float | None, minutes_gone: float | None, stated: float | None = None) -> LinkLife:
    def at(minutes: float | None) -> dt.datetime | None:
        return None if minutes is None else NOW + minutes * MINUTE

    return LinkLife(
        video_id="v",
        owner="local",
        host="cdn.example",
        first_seen=NOW,
        last_ok=at(minutes_ok),
        gone_at=at(minutes_gone),
        expires_at=at(stated),
        next_look_at=None,
    )


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("X-Amz-Date=20260102T030405Z&X-Amz-Expires=3600", "2026-01-02T04:04:05"),
        ("x-goog-date=20260102T030405Z&x-goog-expires=60", "2026-01-02T03:05:05"),
        ("x-oss-date=20260102T030405Z&x-oss-expires=60", "2026-01-02T03:05:05"),
        ("Expires=1767323045&Signature=x&Key-Pair-Id=y", "2026-01-02T03:04:05"),
        ("expires=1767323045123", "2026-01-02T03:04:05"),
        ("se=2026-01-07T00%3A00%3A00Z&sp=r&sig=%2B", "2026-01-07T00:00:00"),
        ("exp=1767323045", "2026-01-02T03:04:05"),
        ("x-expires=1767323045&x-signature=z", "2026-01-02T03:04:05"),
        ("hdnts=st=1767000000~exp=1767323045~acl=/*~hmac=0", "2026-01-02T03:04:05"),
        ("Expires=1767323045&se=2026-01-01", "2026-01-01T00:00:00"),
    ],
)
def test_a_signed_link_tells_its_end(query: str, end: str) -> None:
    assert stated_end(f"https://cdn.example/v.mp4?{query}") == dt.datetime.fromisoformat(f"{end}+00:00")


@pytest.mark.parametrize(
    "query",
    ["", "a=1", "expires=3600", "exp=never", "se=", "X-Amz-Expires=60", "X-Amz-Date=x&X-Amz-Expires=60",
     "exp=0000000000", "expires=9999999999", "e=1", "e=mc2", "se=99999-01-01",
     "X-Amz-Date=20260102T030405Z&X-Amz-Expires=²"],
)  # fmt: skip
def test_what_cannot_be_believed_is_no_end(query: str) -> None:
    assert stated_end(f"https://cdn.example/v.mp4?{query}") is None


def test_nothing_is_said_of_a_host_below_three_observations() -> None:
    two = [seen(50, 60), seen(58, 62)]

    assert typical_seconds(two) is None
    assert typical_seconds([*two, seen(57, 59)]) == 58 * 60


def test_a_link_that_never_worked_teaches_nothing() -> None:
    dead_from_the_start, still_alive = seen(None, 1), seen(500, None)

    assert [lived_seconds(one) for one in (dead_from_the_start, still_alive)] == [None, None]
    assert lived_seconds(seen(1, None, stated=60)) == 3600


def test_what_the_link_says_goes_before_what_its_host_taught() -> None:
    signed = expectation("https://cdn.example/v?exp=1767323645", NOW, 60.0)
    plain = expectation("https://cdn.example/v", NOW, 60.0)
    unknown = expectation("https://cdn.example/v", NOW, None)

    assert (signed.ends_at, signed.stated) == (dt.datetime.fromtimestamp(1767323645, dt.UTC), True)
    assert (plain.ends_at, plain.stated) == (NOW + MINUTE, False)
    assert (unknown.ends_at, unknown.host) == (None, "cdn.example")


def test_looks_get_rarer_and_end_after_a_week() -> None:
    at, ages = NOW, []
    while again := next_look(NOW, at, first_seconds=300, typical=None):
        ages.append((again - NOW).total_seconds() / 60)
        at = again

    assert ages[:4] == [5, 10, 20, 40]
    assert ages[-1] <= 7 * 24 * 60
    assert len(ages) < 15


def test_looks_gather_around_the_end_that_others_had() -> None:
    at, ages = NOW, []
    for _ in range(6):
        again = next_look(NOW, at, first_seconds=300, typical=3600)
        assert again
        ages.append(round((again - NOW).total_seconds() / 60))
        at = again

    assert ages == [30, 48, 54, 60, 66, 75]
