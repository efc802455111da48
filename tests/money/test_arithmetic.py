"""The arithmetic of money: exact against fractions, currencies apart, rounded once, unknown never 0."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.prices import Basis, PriceRule
from services.usage.arithmetic import Facts, choose, estimate, most_prompt_tokens, reckon, rule_from_told
from services.usage.money import LARGEST_NANO, NANO, CurrencyError, Money, from_nano, sums, to_nano
from tests.money.some import AT, DAY, rule

PRICES = st.decimals(min_value=0, max_value=10_000, places=12)
TOKENS = st.integers(min_value=0, max_value=10_000_000)
SECONDS = st.floats(min_value=0.01, max_value=9_999, allow_nan=False)
CURRENCIES = st.sampled_from(["USD", "CNY", "credits"])
MONEY = st.builds(Money, PRICES, CURRENCIES)


def half_even(exact: Fraction) -> int:
    """Return the nearest whole billionth, half to even; Python's own round of a fraction does that."""
    return round(exact * NANO)


def expected(exact: Fraction) -> int | None:
    nano = half_even(exact)
    return nano if nano <= LARGEST_NANO else None


@given(PRICES, PRICES, TOKENS, TOKENS)
def test_tokens_are_priced_exactly_and_rounded_once_at_the_end(
    prompt: Decimal, completion: Decimal, asked: int, answered: int
) -> None:
    priced = rule(prompt, basis=Basis.PER_TOKEN, completion_price=completion)
    found = reckon(priced, Facts(prompt_tokens=asked, completion_tokens=answered))
    exact = (Fraction(prompt) * asked + Fraction(completion) * answered) / 1_000_000
    assert found.nano == expected(exact)
    if found.nano is not None:
        assert Fraction(Decimal(found.told["exact"])) == exact


@given(PRICES, SECONDS)
def test_seconds_are_priced_exactly_and_rounded_once_at_the_end(price: Decimal, seconds: float) -> None:
    found = reckon(rule(price, basis=Basis.PER_SECOND), Facts(seconds=seconds))
    assert found.nano == expected(Fraction(price) * Fraction(Decimal(str(seconds))))


@given(PRICES)
def test_a_call_costs_its_price(price: Decimal) -> None:
    assert reckon(rule(price), Facts()).nano == half_even(Fraction(price))


@given(st.lists(MONEY, max_size=30))
def test_currencies_are_added_up_apart_and_nothing_is_lost(amounts: Sequence[Money]) -> None:
    found = sums(amounts)
    assert set(found) == {one.currency for one in amounts}
    for currency, total in found.items():
        assert Fraction(total) == sum(Fraction(one.amount) for one in amounts if one.currency == currency)


@given(MONEY, MONEY)
def test_two_currencies_are_never_one_sum(one: Money, other: Money) -> None:
    if one.currency == other.currency:
        assert Fraction((one + other).amount) == Fraction(one.amount) + Fraction(other.amount)
    else:
        with pytest.raises(CurrencyError):
            one + other


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_what_is_kept_comes_back_as_it_was(nano: int) -> None:
    assert to_nano(from_nano(nano)) == nano


@given(
    st.sampled_from(list(Basis)),
    st.one_of(st.none(), SECONDS),
    st.one_of(st.none(), TOKENS),
    st.one_of(st.none(), TOKENS),
    st.one_of(st.none(), TOKENS),
)
def test_what_cannot_be_told_is_unknown_with_its_reason_and_never_nothing(
    basis: Basis, seconds: float | None, asked: int | None, answered: int | None, total: int | None
) -> None:
    known = basis is not Basis.UNKNOWN
    priced = rule("1" if known else None, basis=basis, completion_price=Decimal(2) if known else None)
    facts = Facts(seconds=seconds, prompt_tokens=asked, completion_tokens=answered, total_tokens=total)
    found = reckon(priced, facts)
    tells = {
        Basis.PER_CALL: True,
        Basis.PER_SECOND: seconds is not None,
        Basis.PER_TOKEN: asked is not None and answered is not None,
        Basis.UNKNOWN: False,
    }[basis]
    assert (found.nano is not None) is tells
    assert (found.told["missing"] is None) is tells


def test_a_total_alone_is_enough_when_both_kinds_of_tokens_cost_the_same() -> None:
    same = rule("3", basis=Basis.PER_TOKEN, completion_price=Decimal(3))
    assert reckon(same, Facts(total_tokens=500_000)).nano == 1_500_000_000


def test_what_is_kept_beside_a_cost_is_plain_json_and_makes_the_same_rule_again() -> None:
    priced = rule("0.1", basis=Basis.PER_SECOND, model="sora-2*", note="from their page")
    told = json.loads(json.dumps(reckon(priced, Facts()).told))
    assert told["missing"] == "seconds"
    again = rule_from_told(told["rule"], AT)
    assert reckon(again, Facts(seconds=10)).nano == reckon(priced, Facts(seconds=10)).nano == 1_000_000_000


@pytest.mark.parametrize(
    ("rules", "chosen"),
    [
        ([rule(id="any"), rule(id="mine", endpoint_id="e1", model="*")], "mine"),
        ([rule(id="long", model="sora-2*"), rule(id="short", model="sora*")], "long"),
        ([rule(id="exact", model="sora-2"), rule(id="pattern", model="sora-2*")], "exact"),
        ([rule(id="old"), rule(id="new", valid_from=dt.date(2026, 2, 1))], "new"),
        ([rule(id="now"), rule(id="later", valid_from=dt.date(2026, 3, 2))], "now"),
        ([rule(id="first"), rule(id="second")], "second"),
        ([rule(id="there"), rule(id="over", model="sora-2", ended_at=AT)], "there"),
        ([rule(id="elsewhere", endpoint_id="e2")], None),
        ([rule(id="other", model="veo*")], None),
        ([rule(id="capitals", model="SORA-2")], "capitals"),
    ],
)
def test_the_most_particular_rule_of_the_day_is_taken(rules: list[PriceRule], chosen: str | None) -> None:
    found = choose(rules, "e1", "sora-2", dt.date(2026, 3, 1))
    assert (found.id if found else None) == chosen


def test_an_estimate_says_at_most_or_about_or_nothing() -> None:
    none: dict[str, Any] = {"asked_seconds": None, "max_tokens": None, "prompt_tokens": None}
    a_call = estimate(rule("0.3"), **none)
    assert a_call is not None
    assert (a_call.kind, a_call.money) == ("at_most", Money(Decimal("0.3"), "USD"))
    seconds = estimate(rule("0.1", basis=Basis.PER_SECOND), **none | {"asked_seconds": 10.0})
    assert seconds is not None
    assert (seconds.kind, seconds.money.nano) == ("about", NANO)
    assert estimate(rule("0.1", basis=Basis.PER_SECOND), **none) is None
    by_token = rule("1", basis=Basis.PER_TOKEN, completion_price=Decimal(2))
    tokens = estimate(by_token, asked_seconds=None, max_tokens=1000, prompt_tokens=most_prompt_tokens("夜景"))
    assert tokens is not None
    assert tokens.kind == "at_most"
    assert tokens.money.amount == Decimal("0.002038")  # 6 bytes and 32 around them, 1,000 of the answer
    assert estimate(by_token, **none | {"max_tokens": 1000}) is None


def test_a_price_that_no_row_can_hold_is_unknown() -> None:
    found = reckon(rule("10000", basis=Basis.PER_SECOND), Facts(seconds=9_999))
    assert (found.nano, found.told["missing"]) == (None, "too_large")
    assert rule().valid_from == DAY
