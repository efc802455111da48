"""Queries about budgets: those that hold, and who let one be passed. What was used of them: db.budget_sums.

Who sends locks the budgets of a person first: on Postgres by their rows, on SQLite by the transaction itself. So what
is counted is still true when the new row is kept, whichever process keeps it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from db.base import core_table
from db.budget_tables import BudgetOverrideRow, BudgetRow
from db.conditional import changes
from db.library_tables import CollectionRow


class Period(StrEnum):
    """How long a budget is for."""

    DAY = "day"
    MONTH = "month"


class Measure(StrEnum):
    """What a budget counts."""

    GENERATIONS = "generations"
    TOKENS = "tokens"
    MONEY = "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one person may use in each period. `amount` of money is in billionths; '' of a scope: all.

    `collection` is the folded name of its collection now; None: it has none, or that is gone.
    """

    id: str
    owner: str
    period: Period
    zone: str
    measure: Measure
    amount: int
    currency: str
    endpoint_id: str
    collection_id: str
    scope_name: str
    created_at: dt.datetime
    created_by: str
    ended_at: dt.datetime | None = None
    ended_by: str | None = None
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """More allowed of one budget until it begins anew; `extra` None: as much as is wanted."""

    id: str
    budget_id: str
    by: str
    reason: str
    extra: int | None
    until_at: dt.datetime
    created_at: dt.datetime


_B, _O = core_table(BudgetRow), core_table(BudgetOverrideRow)
_STORED = tuple(name for name in Budget.__dataclass_fields__ if name != "collection")
_BUDGETS = (
    select(*(_B.c[name] for name in _STORED), CollectionRow.folded.label("collection"))
    .outerjoin(CollectionRow, and_(CollectionRow.id == _B.c.collection_id, CollectionRow.owner == _B.c.owner))
    .order_by(_B.c.seq)
)
_OVERRIDES = select(*(_O.c[name] for name in Override.__dataclass_fields__)).order_by(_O.c.seq.desc())


def holding(session: Session, owner: str, *, lock: bool = False) -> list[Budget]:
    """Return the budgets of an owner that hold, oldest first; `lock` lets nobody else count until the end of this."""
    if lock:
        mine = select(_B.c.seq).where(_B.c.owner == owner, _B.c.ended_at.is_(None)).order_by(_B.c.seq)
        session.execute(mine.with_for_update())
    found = session.execute(_BUDGETS.where(_B.c.owner == owner, _B.c.ended_at.is_(None)))
    return [_budget(row) for row in found]


def get(session: Session, owner: str, id: str) -> Budget | None:
    """Return a budget that holds; None if there is none, or it is someone else's."""
    mine = _BUDGETS.where(_B.c.id == id, _B.c.owner == owner, _B.c.ended_at.is_(None))
    row = session.execute(mine).one_or_none()
    return None if row is None else _budget(row)


def ended(session: Session, owner: str, limit: int) -> list[Budget]:
    """Return the budgets of an owner that were ended, the last one first."""
    past = _BUDGETS.order_by(None).order_by(_B.c.ended_at.desc(), _B.c.seq.desc()).limit(limit)
    return [_budget(row) for row in session.execute(past.where(_B.c.owner == owner, _B.c.ended_at.is_not(None)))]


def add(session: Session, budget: Budget) -> None:
    """Keep a new budget."""
    session.execute(_B.insert().values({name: getattr(budget, name) for name in _STORED}))


def end(session: Session, owner: str, id: str, by: str, at: dt.datetime) -> bool:
    """Let a budget hold no more; False if it does not, or is not theirs."""
    holds = BudgetRow.id == id, BudgetRow.owner == owner, BudgetRow.ended_at.is_(None)
    return changes(session, update(BudgetRow).where(*holds).values(ended_at=at, ended_by=by))


def allow(session: Session, override: Override) -> None:
    """Keep that more is allowed."""
    session.execute(_O.insert().values(asdict(override)))


def overrides(session: Session, owner: str, budget_id: str, *, limit: int = 50) -> list[Override]:
    """Return what was allowed of an owner's budget over its amount, the last first."""
    mine = select(_B.c.id).where(_B.c.id == budget_id, _B.c.owner == owner)
    found = session.execute(_OVERRIDES.where(_O.c.budget_id.in_(mine)).limit(limit))
    return [Override(**row._mapping) for row in found]


def allowed(session: Session, budget_id: str, at: dt.datetime) -> list[int | None]:
    """Return how much more is allowed of a budget at this moment, of each time somebody allowed it."""
    return list(session.scalars(select(_O.c.extra).where(_O.c.budget_id == budget_id, _O.c.until_at > at)))


def _budget(row: Any) -> Budget:
    return Budget(**{**row._mapping, "period": Period(row.period), "measure": Measure(row.measure)})
