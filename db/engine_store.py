"""The SQLite file that the job engine keeps its own tables in, opened as that engine needs it.

Its rows are no truth of ours: what it forgot at a power cut is enqueued again from the generations.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

SUBSEC_SINCE = (3, 42, 0)  # unixepoch('subsec') gives NULL before; DBOS 3.4 uses it on every Python from 3.12 on


def open_engine_store(file: Path) -> Engine:
    """Return an engine whose transactions begin IMMEDIATE, in WAL, and wait up to 30 s for a lock, as DBOS's own do."""
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if sqlite3.sqlite_version_info < SUBSEC_SINCE:
            connection.create_function("unixepoch", -1, _unixepoch)

    return engine


def _unixepoch(*arguments: str) -> float | int:
    """Stand in for SQLite's own: DBOS asks for the time now only, with or without fractions."""
    return time.time() if "subsec" in arguments else int(time.time())
