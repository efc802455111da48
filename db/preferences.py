"""Queries about remembered choices, of one person or (owner "") of the installation."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db import upsert
from db.tables import PreferenceRow, core_table

_ROW = core_table(PreferenceRow).c
_GET = select(_ROW.value).where(_ROW.owner == bindparam("owner"), _ROW.name == bindparam("name"))


def get(session: Session, owner: str, name: str) -> str | None:
    """Return a choice; None if none was made."""
    return session.scalar(_GET, {"owner": owner, "name": name})


def set(session: Session, owner: str, name: str, value: str) -> None:
    """Remember a choice."""
    statement = upsert.insert(session, PreferenceRow).values(owner=owner, name=name, value=value)
    session.execute(statement.on_conflict_do_update(index_elements=["owner", "name"], set_={"value": value}))
