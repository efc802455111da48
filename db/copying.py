"""A copy of a SQLite file that others write to, made a little at a time so that they hardly feel it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

Rest: TypeAlias = Callable[[int, int], None]
"""Hears between two steps how many bytes are copied, and of how many; it may sleep, or raise to give up."""

STEP_PAGES = 64
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
FLUSH_BYTES = 4 * 1024**2


class CopyError(Exception):
    """SQLite could not make the copy: `full` (no room for it), `damaged` (the source is not whole), or neither."""

    def __init__(self, error: sqlite3.Error) -> None:
        super().__init__(str(error))
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is a detail of the same code
        self.full = code == sqlite3.SQLITE_FULL
        self.damaged = code in DAMAGED


def copy(source: Path, target: Path, rest: Rest | None = None) -> None:
    """Write a whole copy of a database to `target`, which must not exist; it is on the disk when this returns.

    Copying the file instead loses what is in the WAL (RELIABILITY e: 50 of 50 commits). VACUUM INTO would be one long
    burst of work; this goes by steps and pushes each few megabytes to the disk, so that no writer waits for many.

    Raises:
        CopyError: SQLite cannot read the one or write the other.
    """
    try:
        _copy(source, target, rest)
    except sqlite3.Error as error:
        raise CopyError(error) from error


def _copy(source: Path, target: Path, rest: Rest | None) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as live,
        closing(sqlite3.connect(target, isolation_level=None)) as made,
    ):
        made.execute("PRAGMA journal_mode=OFF")  # half a copy is thrown away, never rolled back
        made.execute("PRAGMA synchronous=OFF")
        live.execute("PRAGMA busy_timeout=10000")
        live.execute("BEGIN")  # one snapshot: without it every commit of a neighbour would begin the copy anew
        live.execute("SELECT 1 FROM sqlite_master").fetchone()
        page_bytes = int(live.execute("PRAGMA page_size").fetchone()[0])
        with _Flushed(target) as flushed:

            def between(status: int, remaining: int, total: int) -> None:
                done = (total - remaining) * page_bytes
                flushed.up_to(done)
                if rest is not None:
                    rest(done, total * page_bytes)

            live.backup(made, pages=STEP_PAGES if rest else -1, progress=between)
            made.execute("PRAGMA journal_mode=DELETE")  # the copied header says WAL, which wants files beside it
            flushed.all()


class _Flushed:
    """Pushes a growing file to the disk by and by: one great fsync at the end would hold up everybody else's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done = 0

    def __enter__(self) -> _Flushed:
        self._handle = os.open(self._path, os.O_RDWR)
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._handle)

    def up_to(self, size_bytes: int) -> None:
        """Flush if enough has come since the last time."""
        if size_bytes - self._done >= FLUSH_BYTES:
            self._done = size_bytes
            self.all()

    def all(self) -> None:
        """Flush now."""
        os.fsync(self._handle)
