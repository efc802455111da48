"""What a person does with budgets: see where they stand, set and end one, let one be passed for a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from secrets import token_hex
from typing import Final

from db import budgets as rows
from db import generations
from db.budgets import Budget, Measure, Override, Period
from db.database import Database
from services.budgets import gate, rules
from services.budgets.periods import bounds, zone_named
from services.budgets.rules import Standing
from services.clock import utc_now
from services.endpoint.text import clean
from services.errors import BudgetSettingsError, NotFoundError
from services.people.roles import check_administrator
from services.usage.money import currency_of, to_nano

__all__ = ["Budget", "Budgets", "Draft", "Measure", "Override", "Period", "Standing"]

LARGEST: Final = 9_000_000
LONGEST_REASON: Final = 500
MOST_DECIMALS: Final = 9
MOST: Final = 20
LISTED: Final = 20
_THOUSANDS: Final = re.compile(r",\d{3}\b|[.,].*[.,]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A budget as it is typed. `endpoint_id`, `collection_id`: '' for all; at most one of them is named."""

    measure: str
    amount: str
    currency: str = ""
    period: str
    zone: str
    endpoint_id: str = ""
    collection_id: str = ""
    scope_name: str = ""


@dataclass(frozen=True, slots=True)
class Budgets:
    """One person's budgets."""

    owner: str
    database: Database

    def standings(self) -> list[Standing]:
        """Return where each budget that holds stands, oldest first."""
        with self.database.reading() as session:
            if not generations.has_budget(session, self.owner):
                return []
            return gate.standings(session, rows.holding(session, self.owner), utc_now())

    def tight(self, endpoint_id: str, collection: str = "") -> list[Standing]:
        """Return the budgets with a say in what would be sent that are nearly or wholly used, the fullest first."""
        with self.database.reading() as session:
            if not generations.has_budget(session, self.owner):
                return []
            wanted = gate.wanted_of(endpoint_id, collection, 0, ())
            about = [one for one in rows.holding(session, self.owner) if rules.is_about(one, wanted)]
            found = gate.standings(session, about, utc_now())
        return sorted((one for one in found if one.level != "ok"), key=lambda one: -one.share)

    def set(self, draft: Draft, *, by: str) -> Budget:
        """Keep a new budget; it holds from now on, for what was used of its period already too.

        Raises:
            NotAllowedError: `by` may not.
            BudgetSettingsError: what was typed is no budget; the code says which part.
        """
        check_administrator(by)
        budget = self._checked(draft, by)
        with self.database.transaction() as session:
            held = rows.holding(session, self.owner)
            if len(held) >= MOST:
                raise BudgetSettingsError("too many", code="budget_many")
            if any(_alike(one, budget) for one in held):
                raise BudgetSettingsError("there is one already", code="budget_twice")
            rows.add(session, budget)
        return budget

    def end(self, budget_id: str, *, by: str) -> None:
        """Let a budget hold no more; it stays in the history.

        Raises:
            NotAllowedError: `by` may not.
            NotFoundError: no such budget holds.
        """
        check_administrator(by)
        with self.database.transaction() as session:
            if not rows.end(session, self.owner, budget_id, by, utc_now()):
                raise NotFoundError("no such budget")

    def allow(self, budget_id: str, *, more: str | None, reason: str, by: str) -> Override:
        """Let a budget be passed until it begins anew: by so much more, or (None) as far as is wanted.

        Raises:
            NotAllowedError: `by` may not.
            NotFoundError: no such budget holds.
            BudgetSettingsError: no reason, or no amount.
        """
        check_administrator(by)
        why = " ".join(clean(reason).split())[:LONGEST_REASON]
        if not why:
            raise BudgetSettingsError("why?", code="budget_reason")
        now = utc_now()
        with self.database.transaction() as session:
            budget = rows.get(session, self.owner, budget_id)
            if budget is None:
                raise NotFoundError("no such budget")
            extra = None if more is None else _amount(budget.measure, more)
            until_at = bounds(budget.period, zone_named(budget.zone), now)[1]
            allowed = Override(
                id=token_hex(12),
                budget_id=budget.id,
                by=by,
                reason=why,
                extra=extra,
                until_at=until_at,
                created_at=now,
            )
            rows.allow(session, allowed)
        return allowed

    def allowed(self, budget_id: str) -> list[Override]:
        """Return when one of this person's budgets was let be passed, by whom and why, the last first."""
        with self.database.reading() as session:
            return rows.overrides(session, self.owner, budget_id)

    def ended(self) -> list[Budget]:
        """Return the budgets that hold no more, the last one first."""
        with self.database.reading() as session:
            return rows.ended(session, self.owner, LISTED)

    def _checked(self, draft: Draft, by: str) -> Budget:
        if draft.measure not in set(Measure) or draft.period not in set(Period):
            raise BudgetSettingsError("of what, for how long?")
        if draft.endpoint_id and draft.collection_id:
            raise BudgetSettingsError("of an endpoint or of a collection")
        measure = Measure(draft.measure)
        currency = currency_of(clean(draft.currency)) if measure is Measure.MONEY else ""
        if currency is None:
            raise BudgetSettingsError("a currency is needed", code="budget_currency")
        return Budget(
            id=token_hex(12),
            owner=self.owner,
            period=Period(draft.period),
            zone=draft.zone,
            measure=measure,
            amount=_amount(measure, draft.amount),
            currency=currency,
            endpoint_id=draft.endpoint_id,
            collection_id=draft.collection_id,
            scope_name=draft.scope_name,
            created_at=utc_now(),
            created_by=by,
        )


def _alike(one: Budget, other: Budget) -> bool:
    """Tell whether two budgets would count the same in the same time: the smaller would be the only one."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("period", "measure", "currency", "endpoint_id", "collection_id")
    )


def _amount(measure: Measure, text: str) -> int:
    """Return an amount as it was typed, money in billionths; a decimal comma is one if there is no point.

    >>> _amount(Measure.MONEY, "0,5"), _amount(Measure.TOKENS, " 20000 ")
    (500000000, 20000)
    """
    typed = clean(text).strip()
    if measure is Measure.MONEY and not _THOUSANDS.search(typed):  # 1,000 is not 1
        typed = typed.replace(",", ".")
    try:
        amount = Decimal(typed)
    except InvalidOperation as error:
        raise BudgetSettingsError("no number", code="budget_amount") from error
    if not amount.is_finite() or amount <= 0 or amount > (LARGEST if measure is Measure.MONEY else LARGEST * 1_000):
        raise BudgetSettingsError("no amount", code="budget_amount")
    if amount != round(amount, MOST_DECIMALS if measure is Measure.MONEY else 0):
        raise BudgetSettingsError("no amount", code="budget_amount")
    return to_nano(amount) if measure is Measure.MONEY else int(amount)
