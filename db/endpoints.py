"""Queries about endpoints. A token comes here encrypted and leaves encrypted."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import changes
from db.records import Endpoint
from db.tables import EndpointRow


def of(session: Session, owner: str) -> list[Endpoint]:
    """Return an owner's endpoints, oldest first."""
    statement = select(EndpointRow).where(EndpointRow.owner == owner).order_by(EndpointRow.seq)
    return [_record(row) for row in session.scalars(statement.execution_options(populate_existing=True))]


def with_tokens(session: Session) -> list[Endpoint]:
    """Return everybody's endpoints that have a token stored, oldest first: to see whether our key reads them."""
    statement = select(EndpointRow).where(EndpointRow.token_encrypted.is_not(None)).order_by(EndpointRow.seq)
    return [_record(row) for row in session.scalars(statement)]


def get(session: Session, owner: str, id: str) -> Endpoint | None:
    """Return one endpoint; None if there is none or it is someone else's."""
    statement = select(EndpointRow).where(EndpointRow.owner == owner, EndpointRow.id == id)
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    return None if row is None else _record(row)


def save(session: Session, endpoint: Endpoint) -> bool:
    """Add an endpoint, or replace the one with its id; False if that id is someone else's."""
    values = _columns(endpoint)
    added = upsert.insert(session, EndpointRow).values(**values).on_conflict_do_nothing(index_elements=["id"])
    if session.scalar(added.returning(EndpointRow.seq)) is not None:
        return True
    unchanging = {"id", "owner", "created_at"}
    return change(
        session,
        endpoint.owner,
        endpoint.id,
        **{name: value for name, value in values.items() if name not in unchanging},
    )


def change(session: Session, owner: str, id: str, **values: Any) -> bool:
    """Set some columns (`model`, `models`, `token_encrypted=None` …) of an owner's endpoint; False if not theirs."""
    if "models" in values:
        values["models"] = list(values["models"])
    statement = update(EndpointRow).where(EndpointRow.owner == owner, EndpointRow.id == id)
    return changes(session, statement.values(**values))


def tokens(session: Session) -> list[tuple[str, bytes]]:
    """Return every stored token of everybody, still encrypted, with its endpoint's id: for a change of keys."""
    statement = select(EndpointRow.id, EndpointRow.token_encrypted).where(EndpointRow.token_encrypted.is_not(None))
    return [(id, bytes(stored)) for id, stored in session.execute(statement.with_for_update()) if stored]


def change_token(session: Session, id: str, stored: bytes, fresh: bytes) -> bool:
    """Put `fresh` in the place of `stored`; False if something else stands there by now."""
    statement = update(EndpointRow).where(EndpointRow.id == id, EndpointRow.token_encrypted == stored)
    return changes(session, statement.values(token_encrypted=fresh))


def remove(session: Session, owner: str, id: str) -> bool:
    """Forget an owner's endpoint; generations keep its name and address. False if not theirs."""
    return changes(session, delete(EndpointRow).where(EndpointRow.owner == owner, EndpointRow.id == id))


def _columns(endpoint: Endpoint) -> dict[str, Any]:
    values = {field.name: getattr(endpoint, field.name) for field in dataclasses.fields(endpoint)}
    return values | {"models": list(endpoint.models)}


_PLAIN = tuple(set(Endpoint.__dataclass_fields__) - {"models"})


def _record(row: EndpointRow) -> Endpoint:
    return Endpoint(**{name: getattr(row, name) for name in _PLAIN}, models=tuple(row.models))
