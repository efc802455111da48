"""Conditional updates, the only way a state changes, and the condition that finds what is unfinished."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, TextClause, Update, text
from sqlalchemy.orm import Session


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
