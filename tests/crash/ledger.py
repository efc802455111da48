"""What lies in a data folder, read from outside by plain SQLite that never writes: the judge must not mend the crime.

A connection that may write would recover and empty the log of a killed server before its successor does.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of one prompt."""

    id: str
    state: str
    content: str


class Ledger:
    """The database of one data folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.file = home / "dailies.db"
        self._columns: list[str] = []  # a migration may add some

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of one question."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=60)) as connection:
            return [tuple(row) for row in connection.execute(sql, values)]

    def kept(self) -> dict[str, Kept]:
        """Return what is stored, by prompt; deltas that are not joined yet count as text."""
        rows = self.ask(
            "SELECT prompt, id, state, content || coalesce((SELECT group_concat(text, '') FROM (SELECT text FROM deltas"
            " WHERE generation_seq = g.seq AND kind = 'c' ORDER BY seq)), '') FROM generations g ORDER BY seq"
        )
        return {str(row[0]): Kept(str(row[1]), str(row[2]), str(row[3])) for row in rows}

    def states(self, prompts: list[str]) -> list[str]:
        """Return the states of these prompts, those without a row left out."""
        return [one.state for words, one in self.kept().items() if words in prompts]

    def settled(self) -> bool:
        """Tell whether nothing is under way any more."""
        under_way = self.ask(
            "SELECT 1 FROM generations WHERE state IN ('held', 'queued', 'sending', 'streaming')"
            " UNION ALL SELECT 1 FROM videos WHERE state IN ('pending', 'fetching') LIMIT 1"
        )
        return not under_way

    def finished(self) -> dict[str, str]:
        """Return a hash of each finished answer: every column its row had at the first look, and its raw record."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=60)) as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute(
                "SELECT g.*, r.size_bytes AS raw_bytes, r.arrivals AS raw_arrivals, r.data AS raw_data"
                " FROM generations g LEFT JOIN raw_responses r ON r.generation_seq = g.seq"
                " WHERE g.state NOT IN ('held', 'queued', 'sending', 'streaming')"
            ).fetchall()
        if rows and not self._columns:
            self._columns = rows[0].keys()
        return {
            row["id"]: hashlib.sha256(repr([row[name] for name in self._columns]).encode()).hexdigest() for row in rows
        }

    def faults(self) -> list[str]:
        """Return what the whole checks find: pages and indexes, foreign keys, the search index, the engine's file."""
        found = [str(row[0]) for row in self.ask("PRAGMA integrity_check") if row != ("ok",)]
        found += [f"foreign key {row}" for row in self.ask("PRAGMA foreign_key_check")]
        engine = self.home / "engine.db"
        if engine.exists():
            with closing(sqlite3.connect(f"file:{engine}?mode=ro", uri=True, timeout=60)) as connection:
                found += [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
        with closing(sqlite3.connect(self.file, timeout=60)) as connection:
            try:
                connection.execute("INSERT INTO generation_search(generation_search) VALUES ('integrity-check')")
            except sqlite3.DatabaseError as error:
                found.append(f"search index: {error}")
        unsought = self.ask(
            "SELECT count(*) FROM generations WHERE seq NOT IN (SELECT id FROM generation_search_docsize)"
        )
        return found + [f"{row[0]} rows cannot be found by search" for row in unsought if row[0]]

    def files(self, pattern: str) -> list[Path]:
        """Return the files below `media/` whose names match."""
        return sorted((self.home / "media").rglob(pattern))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the write lock: no other process can commit. Do not leave the block before a successor has started.

        Closing the last connection of a dead server's database would empty its log.
        """
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=60)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self._holder = connection
            yield
            self.unlock()

    def unlock(self) -> None:
        """Let others commit again, keeping the connection."""
        if self._holder.in_transaction:
            self._holder.execute("ROLLBACK")

    def is_locked(self) -> bool:
        """Tell whether someone is in the middle of a transaction that writes."""
        if not self.file.exists():
            return False
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                return "locked" in str(error)
        return False
