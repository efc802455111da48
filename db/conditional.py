"""Conditional updates, the only way a state changes, and the condition that finds what is unfinished."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Delete, TextClause, Update, or_, text
from sqlalchemy.orm import Session

from db.tables import GenerationRow


def changes(session: Session, statement: Update | Delete) -> bool:
    """Run a conditional UPDATE or DELETE of one row; tell whether it was the one to make the change."""
    return count_changed(session, statement) == 1


def count_changed(session: Session, statement: Update | Delete) -> int:
    """Run a conditional UPDATE or DELETE; return how many rows it changed."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount


def is_unfinished() -> TextClause:
    """Return the partial index's own condition: SQLite uses that index only for a query that repeats it."""
    return text("generations.state IN ('held','queued','sending','streaming')")


def unfinished_of(owner: str) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """Return the conditions that find what is unfinished of one owner, by the index of what is unfinished.

    The owner is compared as a sum with nothing: plainly SQLite would walk all that is theirs by another index (1.1 s at
    a million rows, on a page that looks every two seconds).
    """
    return is_unfinished(), GenerationRow.owner + "" == owner


def in_time(at: dt.datetime) -> ColumnElement[bool]:
    """Return the condition that a generation may be sent at this moment: a night shift's only within its hours."""
    return or_(GenerationRow.send_before.is_(None), GenerationRow.send_before > at)
