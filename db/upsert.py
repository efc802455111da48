"""INSERT … ON CONFLICT, which both databases speak and SQLAlchemy keeps in each dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlalchemy.orm import Session

from db.base import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite


def insert(session: Session, table: type[Base]) -> sqlite.Insert:
    """Return the dialect's own INSERT into `table`; the two have the same methods."""
    return insert_of(session.get_bind().dialect.name, table)


def insert_of(dialect: str, table: type[Base] | Table) -> sqlite.Insert:
    """Return the INSERT of a dialect by its name, for statements that are made once."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # 40 ms that SQLite need not pay at each start

    return postgresql.insert(table)  # type: ignore[return-value]  # alike in all we use
