"""Asked in the transaction that keeps what is to be sent: may it be sent, or is a budget used up?

Nothing else is between the question and the row: on SQLite one transaction writes at a time, on Postgres the rows of
the budgets are locked, so two processes never both find the last one free.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from db import budget_sums as sums
from db import budgets as rows
from db.budget_sums import Scope, Used
from db.budgets import Budget, Measure
from db.search_text import fold
from services.budgets import rules
from services.budgets.periods import bounds, zone_named
from services.budgets.rules import Standing, Wanted
from services.errors import BudgetError
from services.usage.money import Money


def wanted_of(endpoint_id: str, collection: str, tokens: int, kept: Iterable[Mapping[str, Any]]) -> Wanted:
    """Return what is about to be sent, from the columns of its rows."""
    amounts = tuple(
        None if row.get("estimate_nano") is None else (int(row["estimate_nano"]), str(row["estimate_currency"]))
        for row in kept
    )
    return Wanted(endpoint_id, fold(" ".join(collection.split())), tokens, amounts)


def check(session: Any, owner: str, wanted: Wanted, now: dt.datetime) -> None:
    """Return if it may be sent; until the transaction ends nobody else of this owner's is counted.

    Raises:
        BudgetError: a budget is used up, or what is wanted would pass it; of several, the one that lasts longest.
    """
    about = [one for one in rows.holding(session, owner, lock=True) if rules.is_about(one, wanted)]
    stopped = [one for one in standings(session, about, now) if rules.refuses(one, wanted)]
    if stopped:
        first = max(stopped, key=lambda one: one.until_at)
        raise BudgetError(said(first), standing=first, count=len(wanted.amounts))


def standings(session: Any, budgets: Sequence[Budget], now: dt.datetime) -> list[Standing]:
    """Return where these budgets stand; what two of them count alike is counted once."""
    used: dict[tuple[Scope, dt.datetime], Used] = {}
    pending: dict[Scope, Used] = {}
    found = []
    for one in budgets:
        scope = Scope(one.owner, one.endpoint_id, one.collection_id)
        from_at, until_at = bounds(one.period, zone_named(one.zone), now)
        if (scope, from_at) not in used:
            used[scope, from_at] = sums.used(session, scope, from_at, until_at)
        if scope not in pending:
            pending[scope] = sums.pending(session, scope)
        extras = rows.allowed(session, one.id, now)
        found.append(rules.standing(one, used[scope, from_at], pending[scope], extras, from_at, until_at))
    return found


def said(standing: Standing) -> str:
    """Return the one sentence of the command line."""
    budget = standing.budget
    of = f" for {budget.scope_name!r}" if budget.scope_name else ""
    renews = standing.until_at.astimezone(zone_named(budget.zone))
    return (
        f"Your budget of this {budget.period}{of} is used up: {_figure(budget, standing.used)} of"
        f" {_figure(budget, standing.limit or 0)} {_unit(budget)} used, {_figure(budget, standing.pending)} on the way"
        f" or waiting. Nothing was sent. It begins anew on {renews:%Y-%m-%d at %H:%M}; an administrator can allow more"
        " in Settings, Budgets."
    )


def _figure(budget: Budget, amount: int) -> str:
    return f"{Money.of_nano(amount, '').amount:f}" if budget.measure is Measure.MONEY else str(amount)


def _unit(budget: Budget) -> str:
    return budget.currency if budget.measure is Measure.MONEY else str(budget.measure)
