"""Queries about saved searches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import changes
from db.library_tables import SavedSearchRow


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A view of the library under a name; `query` is its part of the address."""

    id: str
    name: str
    query: str


def save(session: Session, owner: str, id: str, name: str, query: str, at: dt.datetime) -> None:
    """Keep a view; of the same name again, the new one is kept."""
    values = {"id": id, "owner": owner, "name": name, "query": query, "created_at": at}
    statement = upsert.insert(session, SavedSearchRow).values(**values)
    session.execute(statement.on_conflict_do_update(index_elements=["owner", "name"], set_={"query": query}))


def all_of(session: Session, owner: str) -> list[SavedSearch]:
    """Return an owner's saved searches in order of name."""
    columns = (SavedSearchRow.id, SavedSearchRow.name, SavedSearchRow.query)
    found = session.execute(select(*columns).where(SavedSearchRow.owner == owner).order_by(SavedSearchRow.name))
    return [SavedSearch(*row) for row in found]


def remove(session: Session, owner: str, id: str) -> bool:
    """Forget one; False if there is none, or it is not theirs."""
    return changes(session, delete(SavedSearchRow).where(SavedSearchRow.owner == owner, SavedSearchRow.id == id))
