"""Engines: one that writes and one that reads. What SQLite needs to be told is told here. RELIABILITY c."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 10.0
_NO_RIGHT = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}
_SEARCH_WORDS = "CREATE VIRTUAL TABLE temp.search_words USING fts5vocab(main, generation_search, 'instance')"
_READ_CACHE_KB = 16_000  # the index of a million rows has lists of 5 MB; what is not kept is read anew by each look
Begin = Literal["BEGIN", "BEGIN IMMEDIATE"]


def parse(url: str) -> URL:
    """Read a database URL; any Postgres spelling means psycopg 3.

    >>> parse("postgres://u@h/d").drivername
    'postgresql+psycopg'
    """
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def writing_engine(url: URL) -> Engine:
    """Open an engine whose transactions hold the write lock from their first statement."""
    return _sqlite(url, "BEGIN IMMEDIATE") if url.get_backend_name() == "sqlite" else _postgres(url)


def reading_engine(url: URL) -> Engine:
    """Open an engine that never takes the write lock, and cannot write."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, "BEGIN")
    return _postgres(url, execution_options={"postgresql_readonly": True}, isolation_level="REPEATABLE READ")


def _postgres(url: URL, **more: Any) -> Engine:
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, **more)


def _sqlite(url: URL, begin: Begin) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # Writers stand in line before they ask for a connection (database.py), so one is enough; readers are many.
    sizes = {"pool_size": 1, "max_overflow": 1} if begin == "BEGIN IMMEDIATE" else {"pool_size": 5, "max_overflow": 45}
    # The connection used last is used next, so that one cache is warm and the others stay small.
    engine = create_engine(url, creator=lambda: _open(str(url.database), begin), pool_use_lifo=True, **sizes)

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # or the driver begins transactions of its own, too late
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        _enter_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(_SEARCH_WORDS)  # no part of the file: it lists the words of the index, where there is one
        if begin == "BEGIN":
            connection.execute("PRAGMA query_only=ON")
            connection.execute(f"PRAGMA cache_size=-{_READ_CACHE_KB}")

    @event.listens_for(engine, "checkin")
    def _let_go(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        if isinstance(connection, _Immutable):
            record.invalidate()  # the rights may be given back at any time, and then the file changes

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _open(file: str, begin: Begin) -> sqlite3.Connection:
    """Open the file. Who only reads may do so where SQLite itself could not: a WAL wants files beside it.

    Without the right to make them, and with nothing left in the WAL, the file alone is the whole database; `immutable`
    says so. SQLAlchemy hands connections from thread to thread, one at a time.
    """
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS, check_same_thread=False)
    if begin == "BEGIN IMMEDIATE" or file in {"", ":memory:"}:
        return connection
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in _NO_RIGHT or _size(f"{file}-wal"):
            raise
        address = f"{Path(file).absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False, factory=_Immutable)
    return connection


class _Immutable(sqlite3.Connection):
    """A connection that takes the file for one that nobody changes."""


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Turn WAL on. The busy time-out does not cover this switch, so processes that start together wait by hand.

    A transaction of our own is what does wait: once it was granted the neighbour's switch is over.
    """
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    for _ in range(50):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")
