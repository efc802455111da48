"""The SQLite file that the job engine keeps its own tables in, opened as that engine needs it.

Its rows are no truth of ours: what it forgot at a power cut is enqueued again from the generations.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

SUBSEC_SINCE = (3, 42, 0)  # unixepoch('subsec') gives NULL before; DBOS 3.4 uses it on every Python from 3.12 on


def open_engine_store(file: Path) -> Engine:
    """Return an engine whose transactions begin IMMEDIATE, in WAL, and wait up to 30 s for a lock, as DBOS's own do.

    A damaged file is set aside as `*.broken-<time>` and a new one begun: nothing in it was the only copy of anything.
    """
    _set_aside_if_damaged(file)
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if sqlite3.sqlite_version_info < SUBSEC_SINCE:
            connection.create_function("unixepoch", -1, _unixepoch)

    return engine


def _set_aside_if_damaged(file: Path) -> None:
    if not file.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            whole = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.OperationalError:
        return  # locked, or no right to read it: that is no damage
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        mark = f".broken-{time.strftime('%Y%m%d-%H%M%S')}"
        for suffix in ("", "-wal", "-shm"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(file.with_name(file.name + mark + suffix))


def _unixepoch(*arguments: str) -> float | int:
    """Stand in for SQLite's own: DBOS asks for the time now only, with or without fractions."""
    return time.time() if "subsec" in arguments else int(time.time())
