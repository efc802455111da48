"""Queries about how often endpoints are asked. Read and write are one: the row is locked for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.base import core_table
from db.conditional import unfinished_of
from db.relay_tables import EndpointRateRow
from db.states import IN_FLIGHT
from db.tables import GenerationRow

_ROW = core_table(EndpointRateRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What is known of one endpoint's patience; see EndpointRateRow. `recent` in Unix seconds, oldest first."""

    owner: str
    endpoint_id: str
    refused_at: dt.datetime | None = None
    hold_until: dt.datetime | None = None
    wait_seconds: float | None = None
    refusals: int = 0
    learned_at_once: int | None = None
    learned_per_minute: int | None = None
    learned_at: dt.datetime | None = None
    recent: tuple[float, ...] = ()


_NAMES = tuple(field.name for field in fields(Rates))
_ALL = select(*(_ROW[name] for name in _NAMES))


def standing(session: Session) -> list[Rates]:
    """Return what is known of every endpoint of everybody that ever refused, or has a limit: a handful."""
    return [_record(row) for row in session.execute(_ALL)]


def get(session: Session, owner: str, endpoint_id: str) -> Rates:
    """Return what is known of one endpoint."""
    row = session.execute(_ALL.where(_ROW.owner == owner, _ROW.endpoint_id == endpoint_id)).one_or_none()
    return Rates(owner=owner, endpoint_id=endpoint_id) if row is None else _record(row)


def change(session: Session, owner: str, endpoint_id: str, by: Callable[[Rates], Rates]) -> Rates:
    """Replace what is known by what `by` makes of it; nobody else changes it meanwhile. Return what is known now."""
    nothing = {"owner": owner, "endpoint_id": endpoint_id, "refusals": 0, "recent": []}
    session.execute(
        upsert.insert(session, EndpointRateRow)
        .values(**nothing)
        .on_conflict_do_nothing(index_elements=["owner", "endpoint_id"])
    )
    mine = _ROW.owner == owner, _ROW.endpoint_id == endpoint_id
    known = _record(session.execute(_ALL.where(*mine).with_for_update()).one())  # SQLite's writer is alone anyway
    now = replace(by(known), owner=owner, endpoint_id=endpoint_id)
    if now != known:
        values = {name: getattr(now, name) for name in _NAMES if name not in ("owner", "endpoint_id")}
        values["recent"] = list(now.recent)
        session.execute(
            update(EndpointRateRow)
            .where(EndpointRateRow.owner == owner, EndpointRateRow.endpoint_id == endpoint_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    return now


def forget(session: Session, owner: str, endpoint_id: str) -> None:
    """Forget what an endpoint taught, and its last minute."""
    session.execute(
        delete(EndpointRateRow).where(EndpointRateRow.owner == owner, EndpointRateRow.endpoint_id == endpoint_id)
    )


def others_in_flight(session: Session, owner: str, endpoint_id: str, id: str) -> int:
    """Count what an endpoint is working on for an owner besides one generation."""
    found = session.scalars(
        select(GenerationRow.id).where(
            *unfinished_of(owner),
            GenerationRow.state.in_(IN_FLIGHT),
            GenerationRow.endpoint_id == endpoint_id,
            GenerationRow.id != id,
        )
    )
    return len(found.all())


def _record(row: Any) -> Rates:
    values = dict(row._mapping)
    return Rates(**values | {"recent": tuple(float(at) for at in values["recent"])})
