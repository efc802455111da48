"""INSERT … ON CONFLICT, which both databases speak and SQLAlchemy keeps in each dialect."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.tables import Base


def insert(session: Session, table: type[Base]) -> sqlite.Insert:
    """Return the dialect's own INSERT into `table`; the two have the same methods."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)  # type: ignore[return-value]  # alike in all we use
