"""A better reader's word on a generation that has ended: a conditional update, and the search row with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from db import search, search_entries
from db.conditional import changes
from db.records import Generation
from db.states import ENDED
from db.tables import GenerationRow


def keep_reading(session: Session, seen: Generation, values: Mapping[str, Any]) -> bool:
    """Set these columns of an ended generation that still is as it was seen; False if it is not.

    Raises:
        ValueError: `values` would take it out of its end.
    """
    if seen.state not in ENDED or values.get("state", seen.state) not in ENDED:
        raise ValueError("an ended generation never goes back")
    columns: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }
    same = (
        GenerationRow.id == seen.id,
        GenerationRow.owner == seen.owner,
        GenerationRow.state == seen.state,
        GenerationRow.content == seen.content,
        GenerationRow.reasoning == seen.reasoning,
    )
    statement = update(GenerationRow).where(*same).values({"state": seen.state, **columns})
    if not changes(session, statement):
        return False
    search_entries.refresh(session, [seen.seq], was_response=search.response_text(seen.content, seen.reasoning))
    return True
