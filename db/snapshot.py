"""Look through a copy of a SQLite database: is it whole, what is in it. In a process of its own, at low priority.

The whole check reads everything and cannot be slowed down from inside; a process of the lowest priority can.
Run as `python -m db.snapshot FILE`, it answers with one JSON object. It needs the standard library only.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

FAULTS_SHOWN = 20
PICTURES = "SELECT DISTINCT sha256, size_bytes FROM pictures ORDER BY sha256"
KEPT = "SELECT id, media_type, sha256, size_bytes, poster FROM videos WHERE state = 'kept' ORDER BY seq"


def look(file: Path) -> dict[str, Any]:
    """Return `faults` (nothing when whole), `revision`, `counts` (rows by table), kept `videos` and `pictures`."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({FAULTS_SHOWN})")]
            if found != ["ok"]:
                return {"faults": found}
            return {"faults": [], **_contents(connection)}
    except sqlite3.DatabaseError as error:
        return {"faults": [str(error)]}


def _contents(connection: sqlite3.Connection) -> dict[str, Any]:
    tables = [
        str(row[0])
        for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if not str(row[0]).startswith(("sqlite_", "generation_search"))
    ]
    names = ("id", "media_type", "sha256", "size_bytes", "poster")
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return {
        "revision": None if revision is None else str(revision[0]),
        "counts": {table: _count(connection, table) for table in tables},
        "videos": [dict(zip(names, row, strict=True)) for row in connection.execute(KEPT)],
        "pictures": [list(row) for row in connection.execute(PICTURES)] if "pictures" in tables else [],
    }


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608  # nosec B608 - a name of its own


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(19)
    print(json.dumps(look(Path(sys.argv[1]))))  # noqa: T201 - its answer
