"""What a budget counts, when it warns and when it stops, and when its day or month begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from db.budget_sums import Used
from db.budgets import Budget, Measure, Period
from services.budgets.periods import bounds, zone_named
from services.budgets.rules import Standing, Wanted, is_about, needed, refuses, standing

AT = dt.datetime(2026, 3, 29, 12, tzinfo=dt.UTC)
NOTHING = Used(generations=0, tokens=0, tokens_unknown=0, money={}, money_unknown=0)
BUDGET = Budget(
    id="b",
    owner="local",
    period=Period.DAY,
    zone="UTC",
    measure=Measure.GENERATIONS,
    amount=10,
    currency="",
    endpoint_id="",
    collection_id="",
    scope_name="",
    created_at=AT,
    created_by="local",
)
MONEY = replace(BUDGET, measure=Measure.MONEY, currency="USD", amount=1_000)
TOKENS = replace(BUDGET, measure=Measure.TOKENS, amount=5_000)


def want(count: int = 1, *, amount: tuple[int, str] | None = None, endpoint_id: str = "e", into: str = "") -> Wanted:
    return Wanted(endpoint_id, into, 1_000, (amount,) * count)


def stands(budget: Budget, used: Used = NOTHING, pending: Used = NOTHING, *extras: int | None) -> Standing:
    return standing(budget, used, pending, extras, AT, AT)


@pytest.mark.parametrize(("taken", "level"), [(7, "ok"), (8, "near"), (9, "near"), (10, "reached"), (11, "reached")])
def test_it_warns_at_80_percent_and_stops_at_100(taken: int, level: str) -> None:
    now = stands(BUDGET, replace(NOTHING, generations=taken - 3), replace(NOTHING, generations=3))

    assert (now.level, refuses(now, want())) == (level, level == "reached")


def test_a_batch_is_refused_whole_where_a_single_prompt_still_goes() -> None:
    now = stands(BUDGET, replace(NOTHING, generations=8))

    assert [refuses(now, want(count)) for count in (1, 2, 3)] == [False, False, True]


def test_money_of_another_currency_and_money_nobody_knows_are_in_no_sum() -> None:
    used = replace(NOTHING, generations=3, money={"USD": 600, "CNY": 9_000}, money_unknown=1)
    now = stands(MONEY, used, replace(NOTHING, money={"USD": 300}, money_unknown=2))

    assert (now.used, now.pending, now.unknown) == (600, 300, 3)
    assert not refuses(now, want(amount=(100, "USD")))
    assert refuses(now, want(amount=(101, "USD")))
    assert not refuses(now, want(5, amount=(9_999, "CNY")))
    assert not refuses(now, want(5))


def test_a_budget_in_money_that_is_used_up_stops_what_has_no_price_too() -> None:
    assert refuses(stands(MONEY, replace(NOTHING, money={"USD": 1_000})), want())


def test_of_tokens_the_last_answer_may_pass_it_and_only_that_one() -> None:
    assert not refuses(stands(TOKENS, replace(NOTHING, tokens=4_999)), want())
    assert refuses(stands(TOKENS, replace(NOTHING, tokens=4_500)), want(2))
    assert not refuses(stands(TOKENS, replace(NOTHING, tokens=4_000)), want(2))


def test_more_is_allowed_by_so_much_or_without_a_limit() -> None:
    full = replace(NOTHING, generations=10)

    assert refuses(stands(BUDGET, full), want())
    assert not refuses(stands(BUDGET, full, NOTHING, 2), want(2))
    assert refuses(stands(BUDGET, full, NOTHING, 2), want(3))
    assert not refuses(stands(BUDGET, full, NOTHING, 2, None), want(300))
    assert stands(BUDGET, full, NOTHING, None).level == "ok"


def test_a_budget_of_an_endpoint_or_a_collection_is_about_that_alone() -> None:
    of_endpoint, of_collection = (
        replace(BUDGET, endpoint_id="e"),
        replace(BUDGET, collection_id="c", collection="kites"),
    )

    assert [is_about(of_endpoint, want(endpoint_id=one)) for one in ("e", "f")] == [True, False]
    assert [is_about(of_collection, want(into=one)) for one in ("kites", "", "boats")] == [True, False, False]
    assert not is_about(replace(of_collection, collection=None), want())


@given(
    limit=some.integers(1, 50),
    amounts=some.lists(some.one_of(some.none(), some.integers(0, 20)), max_size=60),
    measure=some.sampled_from([Measure.GENERATIONS, Measure.MONEY, Measure.TOKENS]),
)
def test_whatever_is_sent_one_after_the_other_passes_no_budget_by_more_than_one(
    limit: int, amounts: list[int | None], measure: Measure
) -> None:
    budget = replace(BUDGET, measure=measure, amount=limit, currency="USD")
    waits, passes = NOTHING, []
    for amount in amounts:
        wanted = Wanted("e", "", 7, (None if amount is None else (amount, "USD"),))
        before = stands(budget, NOTHING, waits)
        if refuses(before, wanted):
            continue
        money = waits.money.get("USD", 0) + (amount or 0)
        waits = replace(waits, generations=waits.generations + 1, tokens=waits.tokens + 7, money={"USD": money})
        passes.append(before.taken + needed(budget, wanted))
    assert all(taken <= limit for taken in passes)
    assert stands(budget, NOTHING, waits).taken - (7 if measure is Measure.TOKENS else 0) <= limit


def test_a_day_begins_at_midnight_of_its_own_zone_also_when_the_clocks_change() -> None:
    begin, end = bounds(Period.DAY, ZoneInfo("Europe/Berlin"), AT)

    assert (begin.isoformat(), end.isoformat()) == ("2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00")


def test_december_is_followed_by_january() -> None:
    begin, end = bounds(Period.MONTH, zone_named("Asia/Shanghai"), dt.datetime(2026, 12, 31, 15, tzinfo=dt.UTC))

    assert (begin.isoformat(), end.isoformat()) == ("2026-11-30T16:00:00+00:00", "2026-12-31T16:00:00+00:00")


@pytest.mark.parametrize("text", ["+9999", "Mars/Olympus", "", "../etc"])
def test_a_zone_nobody_knows_is_utc(text: str) -> None:
    assert zone_named(text).utcoffset(AT) == dt.timedelta(0)
