"""Queries about what someone has typed and not sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import upsert
from db.tables import DraftRow


def load(session: Session, owner: str, name: str = "create") -> str:
    """Return a draft; empty if there is none."""
    return session.scalar(select(DraftRow.text).where(DraftRow.owner == owner, DraftRow.name == name)) or ""


def save(session: Session, owner: str, text: str, at: dt.datetime, name: str = "create") -> None:
    """Keep a draft in place of the one before."""
    statement = upsert.insert(session, DraftRow).values(owner=owner, name=name, text=text, updated_at=at)
    newest = {"text": text, "updated_at": at}
    session.execute(statement.on_conflict_do_update(index_elements=["owner", "name"], set_=newest))


def load_many(session: Session, owner: str, names: Sequence[str]) -> dict[str, str]:
    """Return drafts by name; empty where there is none."""
    found = session.execute(
        select(DraftRow.name, DraftRow.text).where(DraftRow.owner == owner, DraftRow.name.in_(names))
    )
    return dict.fromkeys(names, "") | {row.name: row.text for row in found}
