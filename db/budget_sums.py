"""What was used of budgets, and what is on its way: read from the kept usage totals, so that a month costs no more
than a day.

The totals know whole hours of UTC. Where a day begins within one (India, Nepal) the rows of that hour are counted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, case, func, select
from sqlalchemy.orm import Session

from db.certainty import certainty
from db.conditional import is_unfinished
from db.library_tables import CollectedRow, CollectionRow, PastUsageRow
from db.states import UNFINISHED, Certainty
from db.tables import EndpointRow, GenerationRow
from db.usage_cover import SECOND, Piece, cover
from db.usage_tables import UsageLineRow, UsageTotalRow

MAX_TOKENS = 1000  # of an answer of the endpoint that comes from the environment
COUNTED = (Certainty.SURE, Certainty.MAYBE)


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


def used(session: Session, scope: Scope, begin: dt.datetime, end: dt.datetime) -> Used:
    """Return what was surely or perhaps paid for of what was made in this time; what was deleted for ever counts.

    Of a collection it is only what is still in the Library: what was deleted is in none.
    """
    return _added(session, _statements(scope, cover([int(begin.timestamp()), int(end.timestamp())])))


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


def _statements(scope: Scope, pieces: Iterable[Piece]) -> Iterator[Executable]:
    for piece in pieces:
        if piece.grain != SECOND:
            yield _kept(scope, piece)
            continue
        for kind in (GenerationRow,) if scope.collection_id else (GenerationRow, PastUsageRow):
            yield _ended(kind, scope, piece)


def _kept(scope: Scope, piece: Piece) -> Executable:
    line, total = UsageLineRow, UsageTotalRow
    collection = _seq(scope).scalar_subquery() if scope.collection_id else 0
    known = line.currency != ""
    statement = (
        select(
            line.currency.label("currency"),
            func.sum(total.generations).label("generations"),
            func.sum(total.total_tokens).label("tokens"),
            func.sum(total.generations - total.total_told).label("tokens_unknown"),
            func.sum(total.cost_nano).label("money"),
            func.sum(case((known, 0), else_=total.generations)).label("money_unknown"),
        )
        .join(total, total.line == line.seq)
        .where(
            *(line.owner == scope.owner, line.collection_seq == collection, line.certainty.in_(COUNTED)),
            *(total.grain == piece.grain, total.slot >= piece.first, total.slot < piece.after),
        )
        .group_by(line.currency)
    )
    return statement.where(line.endpoint_id == scope.endpoint_id) if scope.endpoint_id else statement


def _ended(kind: Any, scope: Scope, piece: Piece) -> Executable:
    begin, end = (dt.datetime.fromtimestamp(at, dt.UTC) for at in (piece.first, piece.after))
    made = kind.created_at >= begin, kind.created_at < end
    return (
        select(
            kind.cost_currency.label("currency"),
            func.count().label("generations"),
            func.sum(kind.total_tokens).label("tokens"),
            (func.count() - func.count(kind.total_tokens)).label("tokens_unknown"),
            func.sum(kind.cost_nano).label("money"),
            (func.count() - func.count(kind.cost_nano)).label("money_unknown"),
        )
        .where(kind.owner == scope.owner, *made, certainty(kind).in_(COUNTED), *_part(kind, scope))
        .group_by(kind.cost_currency)
    )


def _part(kind: Any, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    part: tuple[ColumnElement[bool], ...] = ()
    if scope.endpoint_id:
        part += (kind.endpoint_id == scope.endpoint_id,)
    if scope.collection_id:
        inside = select(CollectedRow.generation_seq).where(CollectedRow.collection_seq.in_(_seq(scope)))
        part += (kind.seq.in_(inside),)
    return part


def _seq(scope: Scope) -> Select[Any]:
    return select(CollectionRow.seq).where(CollectionRow.id == scope.collection_id, CollectionRow.owner == scope.owner)


def _added(session: Session, statements: Iterable[Executable]) -> Used:
    whole: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for statement in statements:
        for row in session.execute(statement):
            for name in ("generations", "tokens", "tokens_unknown", "money_unknown"):
                whole[name] += int(getattr(row, name) or 0)
            if row.currency and row.money is not None:
                money[row.currency] += int(row.money)
    return Used(
        generations=whole["generations"],
        tokens=whole["tokens"],
        tokens_unknown=whole["tokens_unknown"],
        money=dict(money),
        money_unknown=whole["money_unknown"],
    )
