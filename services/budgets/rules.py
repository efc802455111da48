"""How much of a budget is used, and whether something may still be sent. Pure.

What is on its way and what waits counts as if it had come to what it was expected to. What nobody can tell (a price
without a rule, an answer that named no tokens) is counted apart, never as 0 and never as something made up; so a budget
in money cannot stop what has no price, and its owner is told so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from db.budget_sums import Used
from db.budgets import Budget, Measure

NEAR: Final = 0.8
Level = Literal["ok", "near", "reached"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is about to be sent to an endpoint, and into which collection ('' for none; folded).

    `amounts`: (billionths, currency) of each, None where its price is not known. `tokens`: what an answer may have.
    """

    endpoint_id: str
    collection: str
    tokens: int
    amounts: Sequence[tuple[int, str] | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a budget stands. `limit` None: somebody lets it be passed until it begins anew.

    `unknown`: how many generations of the period are in no sum, because nobody knows their price or tokens.
    """

    budget: Budget
    used: int
    pending: int
    limit: int | None
    unknown: int
    from_at: dt.datetime
    until_at: dt.datetime

    @property
    def taken(self) -> int:
        """What is used or spoken for."""
        return self.used + self.pending

    @property
    def share(self) -> float:
        """How much of it is taken, 1.0 being all; 0.0 while nothing stops it."""
        return self.taken / self.limit if self.limit else 0.0

    @property
    def level(self) -> Level:
        """Whether to say nothing, to warn, or that nothing more is sent."""
        if self.limit is None or self.share < NEAR:
            return "ok"
        return "near" if self.taken < self.limit else "reached"


def standing(  # what it is made of
    budget: Budget,
    used: Used,
    pending: Used,
    extras: Sequence[int | None],
    from_at: dt.datetime,
    until_at: dt.datetime,
) -> Standing:
    """Return where a budget stands, from what was used, what waits, and what was allowed on top."""
    limit = None if None in extras else budget.amount + sum(extra for extra in extras if extra is not None)
    of = budget.measure, budget.currency
    return Standing(
        budget, _figure(used, *of), _figure(pending, *of), limit, _untold(used, *of) + _untold(pending, *of),
        from_at, until_at,
    )  # fmt: skip


def is_about(budget: Budget, wanted: Wanted) -> bool:
    """Tell whether a budget has a say in what is about to be sent."""
    if budget.endpoint_id and budget.endpoint_id != wanted.endpoint_id:
        return False
    return not budget.collection_id or (budget.collection is not None and budget.collection == wanted.collection)


def refuses(standing: Standing, wanted: Wanted) -> bool:
    """Tell whether a budget stops what is about to be sent: it is used up, or all of it together would pass it.

    Of tokens nobody knows what the last answer will have, so one is let go while anything is left.
    """
    if standing.limit is None:
        return False
    left = standing.limit - standing.taken
    return left <= 0 or needed(standing.budget, wanted) > left


def needed(budget: Budget, wanted: Wanted) -> int:
    """Return what would be taken of a budget, as far as it can be told."""
    if budget.measure is Measure.GENERATIONS:
        return len(wanted.amounts)
    if budget.measure is Measure.TOKENS:
        return (len(wanted.amounts) - 1) * wanted.tokens
    return sum(one[0] for one in wanted.amounts if one is not None and one[1] == budget.currency)


def _figure(used: Used, measure: Measure, currency: str) -> int:
    if measure is Measure.GENERATIONS:
        return used.generations
    return used.tokens if measure is Measure.TOKENS else used.money.get(currency, 0)


def _untold(used: Used, measure: Measure, currency: str) -> int:
    if measure is Measure.GENERATIONS:
        return 0
    return used.tokens_unknown if measure is Measure.TOKENS else used.money_unknown
