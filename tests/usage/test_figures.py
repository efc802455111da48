"""Figures are the sums they say they are: sure, maybe and unknown apart, currencies apart, spans whole and in order."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from db.database import Database
from db.usage import UsageLine, UsageSum
from services.usage.figures import counts, figures, grouped
from services.usage.reading import Reach, Usage
from services.usage.sheet import sheet
from services.usage.spans import MOST_MONTHS, lengths, span
from tests.usage.history import FIRST, Life

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=ZoneInfo("Europe/Berlin"))
LINE: dict[str, Any] = {
    "owner": "local", "collection_seq": 0, "endpoint_id": "e1", "endpoint_name": "One", "model": "sora-2",
    "demo": False, "sent": True, "state": "done", "certainty": "sure", "shelf": "kept", "currency": "USD",
}  # fmt: skip


def one(
    generations: int = 1, *, told: int = 0, tokens: int = 0, nano: int = 0, bucket: int = 0, **line: Any
) -> UsageSum:
    said = UsageLine(**{**LINE, **line})
    return UsageSum(bucket, said, generations, told, told, told, 0, tokens, tokens, nano, generations, 0)


def test_sure_maybe_and_unknown_are_three_figures_and_currencies_are_never_added() -> None:
    told = figures(
        [
            one(2, told=1, tokens=5, nano=1),
            one(1, nano=10**9, currency="CNY"),
            one(3, currency=""),
            one(4, nano=7, certainty="maybe", state="failed", shelf="trash"),
            one(5, currency="", certainty="maybe", state="unknown"),
            one(6, currency="", certainty="not_charged"),
            one(7, currency="", certainty="none", state="rejected"),
        ]
    )

    assert told.generations == 28
    assert told.sure.amounts == {"CNY": Decimal(1), "USD": Decimal("0.000000001")}
    assert (told.sure.unknown, told.maybe.unknown, told.free) == (3, 5, 13)
    assert told.maybe.amounts == {"USD": Decimal("0.000000007")}
    assert (told.total.count, told.total.missing) == (5, 27)
    assert told.videos == 24, "what lies in the trash is not kept"
    assert told.sure.each(4)["CNY"] == Decimal("0.25")
    assert told.sure.each(0) == {}


def test_tokens_that_nobody_told_are_unknown_and_not_nothing() -> None:
    assert figures([one(3)]).total.count is None
    assert figures([]).total.count is None
    assert figures([one(told=1)]).total.count == 0


def test_what_was_never_sent_is_no_usage_unless_it_was_charged() -> None:
    assert counts(one(state="failed"))
    assert not counts(one(state="not_sent", sent=False, certainty="none"))
    assert counts(one(state="not_sent", sent=False, certainty="sure"))


def test_the_groups_of_any_history_add_up_to_the_whole(database: Database) -> None:
    Life(database, 21).happen(400)
    usage = Usage("local", database)
    of = span(Reach.OWN, NOW, own=(FIRST.date() - dt.timedelta(days=1), FIRST.date() + dt.timedelta(days=9)))
    sums = usage.sums(of)
    whole = figures(sums)
    assert whole.generations > 5

    for key in ("model", "endpoint_id", "state", "shelf", "certainty", "demo"):
        groups = grouped(sums, lambda each, key=key: getattr(each.line, key))  # type: ignore[misc]
        assert sum(one.generations for one in groups.values()) == whole.generations
        assert (
            sum(one.sure.unknown + one.maybe.unknown for one in groups.values())
            == whole.sure.unknown + whole.maybe.unknown
        )
        assert sum(one.total.count or 0 for one in groups.values()) == (whole.total.count or 0)
        money: Counter[str] = Counter()
        for each in groups.values():
            money.update(each.sure.nano)
        assert dict(money) == dict(whole.sure.nano)


def test_the_table_taken_along_adds_up_to_the_page_and_no_cell_is_a_formula(database: Database) -> None:
    Life(database, 22).happen(200)
    usage = Usage("local", database)
    of = span(Reach.OWN, NOW, own=(FIRST.date() - dt.timedelta(days=1), FIRST.date() + dt.timedelta(days=9)))
    sums = usage.sums(of)
    rows = list(csv.DictReader(io.StringIO(sheet(of, sums, {}).decode("utf-8-sig"))))
    told = figures(sums)

    assert len(rows) == len(sums)
    assert sum(int(row["generations"]) for row in rows) == told.generations
    assert sum(int(row["total_tokens"] or 0) for row in rows) == told.total.count
    assert sum(int(row["total_tokens_missing"]) for row in rows) == told.total.missing
    assert sum(int(row["cost_unknown"]) for row in rows) == told.sure.unknown + told.maybe.unknown
    for currency, amount in told.sure.amounts.items():
        mine = [row for row in rows if (row["charged"], row["currency"]) == ("sure", currency)]
        assert sum(Decimal(row["cost"]) for row in mine) == amount
    assert {row["from"] for row in rows} <= {str(day) for day in of.days}

    evil = [one(model='=HYPERLINK("http://x")', endpoint_name="+1")]
    assert b",'+1,\"'=HYPERLINK(" in sheet(of, evil, {})
    collected = sheet(of, [one(collection_seq=3)], {3: "@boats"}).decode()
    assert ",'@boats," in collected


@pytest.mark.parametrize(
    ("reach", "first", "last", "buckets"),
    [
        (Reach.WEEK, "2026-03-25", "2026-03-31", 7),
        (Reach.MONTH, "2026-03-02", "2026-03-31", 30),
        (Reach.QUARTER, "2026-01-01", "2026-03-31", 90),
        (Reach.THIS_MONTH, "2026-03-01", "2026-03-31", 31),
        (Reach.LAST_MONTH, "2026-02-01", "2026-02-28", 28),
        (Reach.YEAR, "2025-04-01", "2026-03-31", 12),
    ],
)
def test_a_reach_is_whole_days_of_the_reader(reach: Reach, first: str, last: str, buckets: int) -> None:
    of = span(reach, NOW)
    assert (str(of.days[0]), str(of.last), len(of.days)) == (first, last, buckets)
    assert of.by_month == (reach is Reach.YEAR)
    assert list(of.edges) == sorted(of.edges)
    assert all(edge.hour == 0 for edge in of.edges)


def test_the_day_the_clocks_change_has_its_twenty_three_hours() -> None:
    of = span(Reach.WEEK, NOW)
    hours = {
        (after.timestamp() - before.timestamp()) / 3600 for before, after in zip(of.edges, of.edges[1:], strict=False)
    }
    assert hours == {23.0, 24.0}


def test_a_long_time_is_told_by_month_and_never_without_end() -> None:
    of = span(Reach.OWN, NOW, own=(dt.date(2026, 3, 30), dt.date(2025, 12, 30)))
    assert [str(day) for day in of.days] == [str(dt.date(2025, 12, 30) + dt.timedelta(days=n)) for n in range(91)]
    assert lengths(span(Reach.OWN, NOW, own=(dt.date(2025, 11, 30), dt.date(2026, 3, 30)))) == (1, 31, 31, 28, 30)
    ever = span(Reach.ALL, NOW, first=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    assert len(ever.days) == MOST_MONTHS
    assert span(Reach.ALL, NOW).days == (NOW.date(),)
