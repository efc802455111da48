"""Queries about price rules, and the one statement that freezes a cost on its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from db import preferences
from db.base import core_table
from db.conditional import changes
from db.generations.lists import load
from db.money_tables import PriceRuleRow
from db.records import Cost, Generation
from db.states import UNFINISHED, VideoState
from db.tables import GenerationRow, VideoRow

VERSION = "prices_version"


class Basis(StrEnum):
    """What a price is for."""

    PER_CALL = "per_call"
    PER_SECOND = "per_second"
    PER_TOKEN = "per_token"  # noqa: S105  # nosec B105 - a unit of price; of a million of them
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """What some models cost from a day (UTC) on. `price` is of a call, a second, or a million prompt tokens.

    `endpoint_id` '': any endpoint but the demo. `ended_at`: it is used for nothing any more.
    """

    id: str
    owner: str
    endpoint_id: str
    model: str
    basis: Basis
    price: Decimal | None
    completion_price: Decimal | None
    currency: str
    valid_from: dt.date
    note: str
    created_at: dt.datetime
    ended_at: dt.datetime | None = None
    replaced_by: str | None = None


_R = core_table(PriceRuleRow).c
_RULES = select(*(_R[name] for name in PriceRule.__dataclass_fields__)).order_by(_R.seq)
_IN_USE = _RULES.where(_R.owner == bindparam("owner"), _R.ended_at.is_(None))
_G = core_table(GenerationRow)


def in_use(session: Session, owner: str) -> list[PriceRule]:
    """Return an owner's rules that have not been ended, oldest first."""
    return [_rule(row) for row in session.execute(_IN_USE, {"owner": owner})]


def all_of(session: Session, owner: str) -> list[PriceRule]:
    """Return every rule an owner ever made, oldest first."""
    return [_rule(row) for row in session.execute(_RULES.where(_R.owner == owner))]


def add(session: Session, rule: PriceRule, version: str) -> None:
    """Keep a new rule. `version` is any new word: by it other processes see that rules have changed."""
    text = {name: None if (value := getattr(rule, name)) is None else str(value) for name in _DECIMAL}
    session.execute(core_table(PriceRuleRow).insert().values(asdict(rule) | text))
    preferences.set(session, rule.owner, VERSION, version)


def end(  # what one statement needs
    session: Session, owner: str, id: str, at: dt.datetime, version: str, *, replaced_by: str | None = None
) -> bool:
    """Use a rule no more; False if it has been ended, or is not theirs."""
    statement = update(PriceRuleRow).where(
        PriceRuleRow.id == id, PriceRuleRow.owner == owner, PriceRuleRow.ended_at.is_(None)
    )
    ended = changes(session, statement.values(ended_at=at, replaced_by=replaced_by))
    if ended:
        preferences.set(session, owner, VERSION, version)
    return ended


def version(session: Session, owner: str) -> str:
    """Return the word that changes with every change of an owner's rules."""
    return preferences.get(session, owner, VERSION) or ""


def freeze(session: Session, seq: int, cost: Cost, *, was: int | None = None, again: bool = False) -> bool:
    """Write the cost of an ended generation, once; False if it has one.

    `again`: in the place of the amount `was` (None: unknown), False if another stands there: an act of re-pricing.
    """
    stands = _G.c.cost_nano.is_(None) if was is None else _G.c.cost_nano == was
    not_yet = stands if again else _G.c.cost_nano.is_(None)
    statement = update(_G).where(_G.c.seq == seq, _G.c.state.not_in(UNFINISHED), not_yet)
    return changes(session, statement.values(asdict(cost)))


def waits_for_seconds(session: Session, generation_id: str) -> tuple[int, dict[str, Any]] | None:
    """Return seq and rule of an ended generation whose cost waits for the length of its video; None if it does not."""
    row = session.execute(
        select(_G.c.seq, _G.c.cost_rule).where(
            _G.c.id == generation_id,
            _G.c.cost_nano.is_(None),
            _G.c.priced_at.is_not(None),
            _G.c.state.not_in(UNFINISHED),
        )
    ).one_or_none()
    waits = row is not None and (row.cost_rule or {}).get("missing") == "seconds"
    return (row.seq, row.cost_rule) if row is not None and waits else None


def video_seconds(session: Session, generation_id: str) -> float | None:
    """Return the length of a generation's first kept video; None: none, or unknown."""
    return session.scalar(
        select(VideoRow.duration_seconds)
        .where(VideoRow.generation_id == generation_id, VideoRow.state == VideoState.KEPT)
        .order_by(VideoRow.seq)
        .limit(1)
    )


def ended(
    session: Session,
    owner: str,
    *,
    after_seq: int = 0,
    since: dt.datetime | None = None,
    only_unpriced: bool = False,
    limit: int,
) -> list[Generation]:
    """Return a page of what an owner may have paid for, oldest first: ended, no demo, not brought in, with videos."""
    g = GenerationRow
    statement = select(g).where(
        g.owner == owner, g.seq > after_seq, g.state.not_in(UNFINISHED), ~g.demo, g.imported_at.is_(None)
    )
    if since is not None:
        statement = statement.where(or_(g.sent_at >= since, and_(g.sent_at.is_(None), g.created_at >= since)))
    if only_unpriced:
        statement = statement.where(g.cost_nano.is_(None))
    return load(session, session.scalars(statement.order_by(g.seq).limit(limit)))


def unpriced(session: Session, ids: Collection[str]) -> list[Generation]:
    """Return those of these generations, of anybody, that have ended without a cost, with their videos."""
    g = GenerationRow
    if not ids:
        return []
    statement = select(g).where(g.id.in_(ids), g.state.not_in(UNFINISHED), ~g.demo, g.cost_nano.is_(None))
    return load(session, session.scalars(statement.execution_options(populate_existing=True)))


_DECIMAL = ("price", "completion_price")


def _rule(row: Any) -> PriceRule:
    values = {**row._mapping, "basis": Basis(row.basis)}
    exact = {name: None if values[name] is None else Decimal(values[name]) for name in _DECIMAL}
    return PriceRule(**(values | exact))
