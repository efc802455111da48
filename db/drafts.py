"""Queries about what someone has typed and not sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import changes
from db.tables import DraftRow


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft by its name, and when it was kept."""

    name: str
    text: str
    updated_at: dt.datetime


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


def named(session: Session, owner: str, begins: str, limit: int) -> list[Draft]:
    """Return the drafts whose names begin so, the one kept last first."""
    mine = DraftRow.owner == owner, DraftRow.name.startswith(begins, autoescape=True)
    found = session.scalars(select(DraftRow).where(*mine).order_by(DraftRow.updated_at.desc()).limit(limit))
    return [Draft(row.name, row.text, row.updated_at) for row in found]


def rename(session: Session, owner: str, name: str, to: str) -> bool:
    """Give a draft another name; False if there is none."""
    mine = DraftRow.owner == owner, DraftRow.name == name
    return changes(session, update(DraftRow).where(*mine).values(name=to))


def all_of(session: Session, owner: str) -> str:
    """Return every draft of an owner in one text, to look for a name in."""
    return "\n".join(session.scalars(select(DraftRow.text).where(DraftRow.owner == owner)))
