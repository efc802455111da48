"""Many prompts kept at once, and what is left of them cancelled at once. A batch is known by how its nonces begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db import search_entries, upsert
from db.conditional import unfinished_of
from db.generations.ending import ended
from db.states import WAITING, State
from db.tables import GenerationRow


def insert_many(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Keep prompts, findable at once; what the same owner and nonce made before is left as it is.

    Every row has the same columns. In one transaction: all of them are kept, or none.

    Returns:
        How many are new.
    """
    statement = (
        upsert.insert(session, GenerationRow)
        .on_conflict_do_nothing(index_elements=["owner", "nonce"])
        .returning(GenerationRow.seq, GenerationRow.owner, GenerationRow.model)
    )
    made = session.connection().execute(statement, [{**_nothing_yet(), **row} for row in rows]).all() if rows else []
    for owner, model in sorted({(row.owner, row.model) for row in made}):
        search_entries.note_model(session, owner, model)
    search_entries.refresh(session, [row.seq for row in made])
    return len(made)


def created_at(session: Session, owner: str, nonce: str) -> dt.datetime | None:
    """Return when the prompt of this nonce was kept; None if none was."""
    return session.scalar(
        select(GenerationRow.created_at).where(GenerationRow.owner == owner, GenerationRow.nonce == nonce)
    )


def cancel_waiting_of(session: Session, owner: str, begins: str, at: dt.datetime) -> int:
    """Cancel what has not been sent of the batch whose nonces begin so; return how many."""
    statement = (
        update(GenerationRow)
        .where(
            *unfinished_of(owner),
            GenerationRow.state.in_(WAITING),
            GenerationRow.nonce.startswith(begins, autoescape=True),
        )
        .values(state=State.CANCELLED, ended_at=at)
    )
    return ended(session, statement)


def _nothing_yet() -> dict[str, Any]:
    """Return the empty columns of a fresh row, written out: an upsert of many knows no defaults made per row."""
    return {"progress": [], "links": [], "task_ids": [], "flags": [], "priority": 0, "content": "", "reasoning": ""} | {
        "cancel_requested": False
    }
