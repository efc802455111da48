"""Whether what is left at an endpoint does for what is about to be sent. Pure: it only ever warns.

A balance is compared with a cost of its own unit; where the endpoint does not say which that is, with a cost of the one
currency there is, and the page says that it did not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from services.endpoint.balance import Balance
from services.usage.money import Money

NEAR_TIMES: Final = 3
"""Warn from here on: so many more like it, or fewer, are left."""


class Low(StrEnum):
    """How low it is."""

    EMPTY = "empty"  # nothing is left
    SHORT = "short"  # less than this may cost
    NEAR = "near"  # this much does for `more` like it and no further


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: `cost` is what it was compared with (None: nothing), as `expected`, else as the dearest of late."""

    low: Low
    cost: Money | None = None
    expected: bool = True
    more: int = 0


def warned(balance: Balance, expected: Mapping[str, Decimal], late: Sequence[Money]) -> Warned | None:
    """Return a warning; None where there is enough, or nobody can tell.

    `expected` is what will be sent, by currency (empty: unknown); `late` are what the last ones there cost.
    """
    if balance.left is None:
        return None
    if balance.left <= 0:
        return Warned(Low.EMPTY)
    cost, told = _comparable(expected, balance.unit), True
    if cost is None and not expected:
        cost, told = _dearest(late, balance.unit), False
    if cost is None or cost.amount <= 0:
        return None
    more = int(min(balance.left / cost.amount, Decimal(1_000)))
    if more >= NEAR_TIMES:
        return None
    return Warned(Low.NEAR if more else Low.SHORT, cost, told, more)


def _comparable(amounts: Mapping[str, Decimal], unit: str) -> Money | None:
    """Return the amount of the balance's own unit, or of the one currency there is if it names none."""
    if unit:
        found = {name.upper(): amount for name, amount in amounts.items()}.get(unit.upper())
        return None if found is None else Money(found, unit)
    return Money(*next((amount, name) for name, amount in amounts.items())) if len(amounts) == 1 else None


def _dearest(late: Sequence[Money], unit: str) -> Money | None:
    most: dict[str, Decimal] = {}
    for one in late:
        most[one.currency] = max(most.get(one.currency, one.amount), one.amount)
    return _comparable(most, unit)
