"""Engines: one that writes and one that reads. What SQLite needs to be told is told here. RELIABILITY c."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

BUSY_SECONDS = 10.0
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
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **sizes)

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # or the driver begins transactions of its own, too late
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        _enter_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if begin == "BEGIN":
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Turn WAL on. The busy time-out does not cover this switch, so processes that start together wait by hand.

    A transaction of our own is what does wait: once it was granted the neighbour's switch is over.
    """
    for _ in range(50):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")
