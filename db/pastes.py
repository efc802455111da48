"""Queries about what people pasted: added, never changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.records import Paste
from db.tables import PasteRow


def add(  # noqa: PLR0913  # one argument a column
    session: Session,
    *,
    id: str,
    owner: str,
    generation_id: str,
    text: str,
    links: list[dict[str, Any]],
    task_ids: list[str],
    at: dt.datetime,
) -> None:
    """Keep one paste with what was found in it."""
    session.add(
        PasteRow(
            id=id,
            owner=owner,
            generation_id=generation_id,
            text=text,
            links=links,
            task_ids=task_ids,
            created_at=at,
        )
    )
    session.flush()  # before the videos that name it


def of(session: Session, owner: str, generation_id: str) -> list[Paste]:
    """Return what was pasted to one generation of an owner, newest first."""
    statement = (
        select(PasteRow)
        .where(PasteRow.generation_id == generation_id, PasteRow.owner == owner)
        .order_by(PasteRow.seq.desc())
    )
    return [
        Paste(
            id=row.id,
            generation_id=row.generation_id,
            text=row.text,
            links=tuple(row.links),
            task_ids=tuple(row.task_ids),
            created_at=row.created_at,
        )
        for row in session.scalars(statement)
    ]
