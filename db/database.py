"""The database: a transaction that writes, a transaction that reads, and the way to today's schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from copy import copy as shallow_copy
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db.copying import Rest, copy
from db.engines import BUSY_SECONDS, parse, reading_engine, writing_engine
from db.fair_lock import FairLock
from db.notices import Listener, tell
from db.noting import WHO
from db.schema import UPGRADE_LOCK, NewerSchemaError, at_head, current_revision, known_revisions, migrate
from db.tally import Tally
from db.trouble import Standing, StillLockedError, StoreTrouble

__all__ = ["Database", "LostDatabaseError", "NewerSchemaError", "sqlite_file"]

BeforeMigration: TypeAlias = Callable[[Path, str], object]
"""Is told of a filled SQLite file and its revision right before it is migrated; raises to forbid it."""

TRANSACTION_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class LostDatabaseError(Exception):
    """A database was here before and is gone or empty now: refuse to begin a new one in its place."""


def sqlite_file(url: str) -> Path | None:
    """Return the file behind a database URL; None when it is no SQLite file.

    >>> sqlite_file("sqlite:////srv/dailies.db").name, sqlite_file("postgresql://h/d")
    ('dailies.db', None)
    """
    parsed = parse(url)
    name = parsed.database
    return Path(name) if parsed.get_backend_name() == "sqlite" and name and name != ":memory:" else None


class Database:
    """One store, SQLite or Postgres, behind the same code. Safe to share between threads.

    Raises of its methods are SQLAlchemy's, but for the two exceptions above; the services translate them.
    """

    def __init__(self, url: str) -> None:
        self._url = parse(url)
        self.file = sqlite_file(url)
        self.dialect = self._url.get_backend_name()
        self._writer = writing_engine(self._url)
        self._reader = reading_engine(self._url)
        # Postgres locks rows, not the database: there is nothing to stand in line for.
        self._turn = FairLock() if self.dialect == "sqlite" else None
        self._door: Callable[[], AbstractContextManager[None]] = nullcontext
        self.standing = Standing()
        self._who: str | None = None
        self._refuse: Callable[[], Exception] | None = None
        self.writes, self.reads = Tally(TRANSACTION_SECONDS), Tally(TRANSACTION_SECONDS)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session that writes; commit at the end, roll back on any exception.

        Threads are served in order. Keep it short, and never open one inside another: on SQLite that would wait
        for itself.
        """
        if self._refuse is not None:
            raise self._refuse()
        with (
            self.writes.timing(),
            self._noting(),
            self._in_line(),
            Session(self._writer, expire_on_commit=False, info={WHO: self._who}) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Yield what a transaction that writes stands on: half the price, where ten a second only append."""
        with self.writes.timing(), self._noting(), self._in_line(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session on one consistent snapshot that never waits for a writer and cannot write."""
        with self.reads.timing(), self._door():
            try:
                with Session(self._reader, expire_on_commit=False) as session, session.begin():
                    yield session
            except StoreTrouble as error:
                self.standing.note_damage(error)
                raise

    def tell(self, channel: str, seqs: Iterable[int] = ()) -> None:
        """Tell the other processes on a Postgres that there is news; whom it does not reach looks by the clock."""
        if self.dialect == "postgresql":
            with suppress(StoreTrouble), self._writer.connect() as connection:
                tell(connection.execution_options(isolation_level="AUTOCOMMIT"), channel, seqs)

    def listener(self, channel: str) -> Listener | None:
        """Return what hears of news; None on SQLite, where nobody tells."""
        return Listener(self._url, channel) if self.dialect == "postgresql" else None

    def behind(self, door: Callable[[], AbstractContextManager[None]]) -> Database:
        """Return the same store whose transactions run inside `door()`, which may turn exceptions into others."""
        same = shallow_copy(self)
        same._door = door
        return same

    def signed(self, who: str, refuse: Callable[[], Exception] | None = None) -> Database:
        """Return the same store for one person, named in the audit; with `refuse` it raises that instead of writing."""
        same = shallow_copy(self)
        same._who, same._refuse = who, refuse
        return same

    def upgrade(self, before: BeforeMigration | None = None) -> None:
        """Bring the schema to head; tell `before` of a filled SQLite file first. Cheap when there is nothing to do.

        Raises:
            NewerSchemaError: written by a newer Dailies; nothing was touched.
            LostDatabaseError: there was a database in this place and now there is none.
        """
        was_filled = self._was_filled()
        self._refuse_to_replace_a_lost_one(was_filled, emptied=False)
        with self._reader.begin() as connection:
            revision = current_revision(connection)
        self._refuse_to_replace_a_lost_one(was_filled, emptied=revision is None)
        if revision != known_revisions()[-1]:
            if revision is not None and self.file is not None and before is not None:
                before(self.file, revision)
            with self._in_line(), self._writer.begin() as connection:
                self._migrate(connection)
        self._leave_sentinel()

    def ping(self) -> None:
        """Ask the store for one row; raises SQLAlchemy's error when it does not answer."""
        with self._reader.begin() as connection:
            connection.execute(text("SELECT 1"))

    def backup(self, path: Path, rest: Rest | None = None) -> None:
        """Write a whole copy of a SQLite database to `path`, which must not exist, while others write.

        Raises:
            NotImplementedError: on Postgres, which has pg_dump.
        """
        if self.file is None:
            raise NotImplementedError("back up Postgres with pg_dump")
        copy(self.file, path, rest)

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

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        """Hold this process's right to write; whoever stands in line for longer than SQLite would wait gives up."""
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(BUSY_SECONDS):
            raise StillLockedError(f"no turn to write within {BUSY_SECONDS:g} s")
        try:
            yield
        finally:
            self._turn.release()

    def _migrate(self, connection: Connection) -> None:
        if self.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        if not at_head(connection):  # a neighbour may have been quicker
            migrate(connection)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        with self._door():
            try:
                yield
            except StoreTrouble as error:
                self.standing.note(error)
                raise
            self.standing.worked()

    def _was_filled(self) -> bool:
        """SQLite takes a missing or 0-byte file for a new database; the sentinel beside it remembers better."""
        return self.file is not None and self._sentinel(self.file).exists()

    def _refuse_to_replace_a_lost_one(self, was_filled: bool, *, emptied: bool) -> None:
        """Raise if there was one. `emptied`: nothing of ours is in the file (copied without its WAL, swapped)."""
        if not was_filled or self.file is None:
            return
        if emptied or not self.file.exists() or self.file.stat().st_size == 0:
            raise LostDatabaseError(f"{self.file} was filled and is empty now; {self._sentinel(self.file)} says so")

    def _leave_sentinel(self) -> None:
        if self.file is not None and not self._was_filled():
            with suppress(OSError):  # a folder we may only read
                self._sentinel(self.file).touch()

    @staticmethod
    def _sentinel(file: Path) -> Path:
        return file.with_name(f"{file.name}.made")
