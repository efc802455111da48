"""Which schema a database has, which one we want, and the way between them. Alembic is imported only when needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x0DA1_11E5  # any number, as long as every process asks Postgres for the same


class NewerSchemaError(Exception):
    """The database was written by a newer Dailies than this one; nothing was touched."""


@cache
def known_revisions() -> tuple[str, ...]:
    """Return our revisions, oldest first: the first four digits of each migration's file name are its id.

    >>> known_revisions()[0]
    '0001'
    """
    return tuple(sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def current_revision(connection: Connection) -> str | None:
    """Return the revision a database is at; None when it is empty.

    Raises:
        NewerSchemaError: a revision we do not know.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if revision is not None and revision not in known_revisions():
        raise NewerSchemaError(f"{revision} > {known_revisions()[-1]}")
    return None if revision is None else str(revision)


def at_head(connection: Connection) -> bool:
    """Tell whether there is nothing to migrate.

    Raises:
        NewerSchemaError: the database is ahead of us.
    """
    return current_revision(connection) == known_revisions()[-1]


def migrate(connection: Connection) -> None:
    """Bring the schema to head inside the transaction `connection` is in: all of it, or nothing."""
    from alembic import command
    from alembic.config import Config

    from db import usage_totals
    from db.search_entries import rebuild

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    with Session(connection) as session:  # a migration that changes what is indexed leaves the index empty
        rebuild(session)
        usage_totals.install(connection)
        if usage_totals.is_due(session):
            usage_totals.recount(session)
        session.flush()
