"""Queries about budgets: those that hold, what was used of each, and who let one be passed.

Who sends locks the budgets of a person first: on Postgres by their rows, on SQLite by the transaction itself. So what
is counted is still true when the new row is kept, whichever process keeps it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, func, select, update
from sqlalchemy.orm import Session

from db.base import core_table
from db.budget_tables import BudgetOverrideRow, BudgetRow
from db.certainty import certainty
from db.conditional import changes, is_unfinished
from db.library_tables import CollectedRow, CollectionRow, PastUsageRow
from db.states import UNFINISHED, Certainty
from db.tables import EndpointRow, GenerationRow

MAX_TOKENS = 1000  # of an answer of the endpoint that comes from the environment


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What some generations come to. Of `generations`, so many told no tokens, and so many have no known price."""

    generations: int
    tokens: int
    tokens_unknown: int
    money: Mapping[str, int]
    money_unknown: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose, and which part of it; '' for all."""

    owner: str
    endpoint_id: str = ""
    collection_id: str = ""


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


def used(session: Session, scope: Scope, since: dt.datetime) -> Used:
    """Return what was surely or perhaps paid for of what was made since a time; what was deleted for ever counts.

    Of a collection it is only what is still in the Library: what was deleted is in none.
    """
    kinds = (GenerationRow,) if scope.collection_id else (GenerationRow, PastUsageRow)
    return _added(session, (_ended(kind, scope, since) for kind in kinds))


def pending(session: Session, scope: Scope) -> Used:
    """Return what is on its way or waits, by what it is expected to come to; tokens by what an answer may have."""
    row = GenerationRow
    most = func.coalesce(EndpointRow.max_tokens, MAX_TOKENS)
    statement = (
        select(
            row.estimate_currency.label("currency"),
            func.count().label("generations"),
            func.sum(most).label("tokens"),
            (func.count() - func.count(most)).label("tokens_unknown"),
            func.sum(row.estimate_nano).label("money"),
            (func.count() - func.count(row.estimate_nano)).label("money_unknown"),
        )
        .outerjoin(EndpointRow, EndpointRow.id == row.endpoint_id)
        .where(is_unfinished(), row.state.in_(UNFINISHED), row.owner == scope.owner, ~row.demo, *_part(row, scope))
        .group_by(row.estimate_currency)
    )
    return _added(session, (statement,))


def _ended(kind: Any, scope: Scope, since: dt.datetime) -> Select[Any]:
    counted = certainty(kind).in_((Certainty.SURE, Certainty.MAYBE))
    return (
        select(
            kind.cost_currency.label("currency"),
            func.count().label("generations"),
            func.sum(kind.total_tokens).label("tokens"),
            (func.count() - func.count(kind.total_tokens)).label("tokens_unknown"),
            func.sum(kind.cost_nano).label("money"),
            (func.count() - func.count(kind.cost_nano)).label("money_unknown"),
        )
        .where(kind.owner == scope.owner, kind.created_at >= since, counted, *_part(kind, scope))
        .group_by(kind.cost_currency)
    )


def _part(kind: Any, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    part: tuple[ColumnElement[bool], ...] = ()
    if scope.endpoint_id:
        part += (kind.endpoint_id == scope.endpoint_id,)
    if scope.collection_id:
        inside = (
            select(CollectedRow.generation_seq)
            .join(CollectionRow, CollectionRow.seq == CollectedRow.collection_seq)
            .where(CollectionRow.id == scope.collection_id, CollectionRow.owner == scope.owner)
        )
        part += (kind.seq.in_(inside),)
    return part


def _added(session: Session, statements: Iterable[Executable]) -> Used:
    whole: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for statement in statements:
        for row in session.execute(statement):
            for name in ("generations", "tokens", "tokens_unknown", "money_unknown"):
                whole[name] += int(getattr(row, name) or 0)
            if row.currency is not None and row.money is not None:
                money[row.currency] += int(row.money)
    return Used(
        generations=whole["generations"],
        tokens=whole["tokens"],
        tokens_unknown=whole["tokens_unknown"],
        money=dict(money),
        money_unknown=whole["money_unknown"],
    )


def _budget(row: Any) -> Budget:
    return Budget(**{**row._mapping, "period": Period(row.period), "measure": Measure(row.measure)})
