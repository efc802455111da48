"""The database: a transaction that writes, a transaction that reads, and the way to today's schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db.engines import parse, reading_engine, writing_engine
from db.fair_lock import FairLock
from db.schema import NewerSchemaError, at_head, current_revision, known_revisions, migrate

__all__ = ["Database", "LostDatabaseError", "NewerSchemaError"]

UPGRADE_LOCK = 0x0DA1_11E5  # any number, as long as every process asks Postgres for the same


class LostDatabaseError(Exception):
    """A database was here before and is gone or empty now: refuse to begin a new one in its place."""


class Database:
    """One store, SQLite or Postgres, behind the same code. Safe to share between threads.

    Raises of its methods are SQLAlchemy's, but for the two exceptions above; the services translate them.
    """

    def __init__(self, url: str) -> None:
        self._url = parse(url)
        self.dialect = self._url.get_backend_name()
        self._writer = writing_engine(self._url)
        self._reader = reading_engine(self._url)
        # Postgres locks rows, not the database: there is nothing to stand in line for.
        self._turn: AbstractContextManager[None] = FairLock() if self.dialect == "sqlite" else nullcontext()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session that writes; commit at the end, roll back on any exception.

        Threads are served in order. Keep it short, and never open one inside another: on SQLite that would wait
        for itself.
        """
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session on one consistent snapshot that never waits for a writer and cannot write."""
        with Session(self._reader, expire_on_commit=False) as session, session.begin():
            yield session

    def upgrade(self) -> None:
        """Bring the schema to head; back up a filled SQLite file first. Cheap when there is nothing to do.

        Raises:
            NewerSchemaError: written by a newer Dailies; nothing was touched.
            LostDatabaseError: there was a database in this place and now there is none.
        """
        self._refuse_to_replace_a_lost_one()
        with self._reader.begin() as connection:
            revision = current_revision(connection)
        if revision != known_revisions()[-1]:
            if revision is not None:
                self._backup_before_upgrade(revision)
            with self._turn, self._writer.begin() as connection:
                self._migrate(connection)
        self._leave_sentinel()

    def ping(self) -> None:
        """Ask the store for one row; raises SQLAlchemy's error when it does not answer."""
        with self._reader.begin() as connection:
            connection.execute(text("SELECT 1"))

    def backup(self, path: Path) -> None:
        """Write a whole copy of a SQLite database to `path`, which must not exist, while others write.

        Copying the file instead loses what is in the WAL (RELIABILITY e: 50 of 50 commits).

        Raises:
            NotImplementedError: on Postgres, which has pg_dump.
        """
        if self.dialect != "sqlite":
            raise NotImplementedError("back up Postgres with pg_dump")
        # A connection of its own: VACUUM may not stand in a transaction, and no writer has to wait for it.
        with closing(sqlite3.connect(str(self._url.database), isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))

    def integrity_faults(self) -> list[str]:
        """Return what SQLite's whole check finds, nothing when all is well. Slow: reads everything, run it daily."""
        if self.dialect != "sqlite":
            return []
        with self._reader.begin() as connection:
            found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Let go of every connection. The object may not be used afterwards."""
        self._reader.dispose()
        self._writer.dispose()

    def _migrate(self, connection: Connection) -> None:
        if self.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        if not at_head(connection):  # a neighbour may have been quicker
            migrate(connection)

    @property
    def _file(self) -> Path | None:
        name = self._url.database
        return Path(name) if self.dialect == "sqlite" and name and name != ":memory:" else None

    def _backup_before_upgrade(self, revision: str) -> None:
        if self._file is None:
            return
        target = self._file.with_name(f"{self._file.name}.before-{known_revisions()[-1]}-from-{revision}")
        if not target.exists():
            self.backup(target)

    def _refuse_to_replace_a_lost_one(self) -> None:
        """SQLite takes a missing or 0-byte file for a new database; the sentinel beside it remembers better."""
        if self._file is None or not self._sentinel(self._file).exists():
            return
        if not self._file.exists() or self._file.stat().st_size == 0:
            raise LostDatabaseError(f"{self._file} was filled and is empty now; {self._sentinel(self._file)} says so")

    def _leave_sentinel(self) -> None:
        if self._file is not None:
            self._sentinel(self._file).touch()

    @staticmethod
    def _sentinel(file: Path) -> Path:
        return file.with_name(f"{file.name}.made")
