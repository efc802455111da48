"""Queries about the processes that execute generations, told apart by a counter, never by comparing clocks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import changes
from db.records import Worker
from db.tables import WorkerRow


def register(session: Session, id: str, at: dt.datetime) -> None:
    """Begin a worker's life; a stale row of the same id is taken over, its counter going on."""
    statement = upsert.insert(session, WorkerRow).values(id=id, beat=1, started_at=at)
    taken_over = {"beat": WorkerRow.beat + 1, "started_at": at}
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=taken_over))


def beat(session: Session, id: str) -> bool:
    """Show that a worker lives; False if others have given it up and removed it."""
    return changes(session, update(WorkerRow).where(WorkerRow.id == id).values(beat=WorkerRow.beat + 1))


def all(session: Session) -> list[Worker]:
    """Return every worker known, by id."""
    statement = select(WorkerRow).order_by(WorkerRow.id).execution_options(populate_existing=True)
    return [Worker(id=row.id, beat=row.beat, started_at=row.started_at) for row in session.scalars(statement)]


def remove(session: Session, id: str, *, beat: int | None = None) -> bool:
    """Forget a worker. With `beat`, only if it has not beaten since: of several that see it dead, one buries it."""
    statement = delete(WorkerRow).where(WorkerRow.id == id)
    if beat is not None:
        statement = statement.where(WorkerRow.beat == beat)
    return changes(session, statement)
