"""A warning before sending: against what it may cost, else against the dearest of late, never across currencies."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from services.endpoint.balance import Balance
from services.usage.low_balance import NEAR_TIMES, Low, Warned, warned
from services.usage.money import Money


def left(amount: str | None, unit: str = "USD") -> Balance:
    return Balance(source="token", left=None if amount is None else Decimal(amount), used=None, unit=unit)


def usd(amount: str) -> dict[str, Decimal]:
    return {"USD": Decimal(amount)}


def test_less_than_it_may_cost_is_said() -> None:
    assert warned(left("0.29"), usd("0.30"), ()) == Warned(Low.SHORT, Money(Decimal("0.30"), "USD"))
    assert warned(left("0.30"), usd("0.30"), ()) == Warned(Low.NEAR, Money(Decimal("0.30"), "USD"), True, 1)
    assert warned(left("0.90"), usd("0.30"), ()) is None


def test_nothing_left_is_said_whatever_it_costs() -> None:
    for amount in ("0", "-1.5"):
        assert warned(left(amount, ""), {}, ()) == Warned(Low.EMPTY)


def test_without_an_estimate_the_dearest_of_late_counts() -> None:
    late = [Money(Decimal("0.1"), "USD"), Money(Decimal("0.5"), "USD"), Money(Decimal(90), "CNY")]
    assert warned(left("1.2"), {}, late) == Warned(Low.NEAR, Money(Decimal("0.5"), "USD"), False, 2)
    assert warned(left("1.5"), {}, late) is None


def test_currencies_are_never_compared() -> None:
    assert warned(left("1"), {"CNY": Decimal(7)}, ()) is None
    assert warned(left("1"), {}, [Money(Decimal(7), "CNY")]) is None
    assert warned(left("1", "quota"), usd("5"), ()) is None
    assert warned(left("1", ""), {"USD": Decimal(5), "CNY": Decimal(5)}, ()) is None
    assert warned(left("1", ""), usd("5"), ()) == Warned(Low.SHORT, Money(Decimal(5), "USD"))
    assert warned(left("1", "credits"), {"credits": Decimal(2)}, ()) is not None


def test_what_is_not_told_warns_of_nothing() -> None:
    assert warned(left(None), usd("5"), ()) is None
    assert warned(left("1"), {}, ()) is None
    assert warned(left("1"), usd("0"), ()) is None


@pytest.mark.parametrize("seed", range(30))
def test_it_warns_exactly_below_three_times(seed: int) -> None:
    chance = random.Random(seed)
    cost, has = (Decimal(chance.randint(1, 10**6)).scaleb(-4) for _ in range(2))
    found = warned(left(str(has)), {"USD": cost}, ())
    assert (found is None) == (has >= NEAR_TIMES * cost)
    if found is not None:
        assert (found.low is Low.SHORT) == (has < cost)
        assert found.more * cost <= has < (found.more + 1) * cost
