"""Many at once: nothing is sent twice, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from db import generations, preferences
from db.conditional import is_unfinished
from db.database import Database
from db.tables import GenerationRow
from tests.db.rows import add

PROJECT = Path(__file__).parents[2]
CLAIMER = """
import datetime as dt, sys
from db import generations
from db.conditional import is_unfinished
from db.database import Database
database, won = Database(sys.argv[1]), []
while True:
    with database.reading() as session:
        seen = generations.waiting(session, 5)
    if not seen:
        break
    for row in seen:
        with database.transaction() as session:
            if generations.claim(session, row.id, sys.argv[2], dt.datetime.now(dt.UTC)):
                won.append(row.id)
print("\\n".join(won))
database.close()
"""


def test_eight_processes_claim_two_hundred_rows_once_each(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        ids = [add(session).id for _ in range(200)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, database_url, f"w{n}"], stdout=subprocess.PIPE, text=True, cwd=PROJECT
        )
        for n in range(8)
    ]
    won = [id for process in processes for id in process.communicate(timeout=120)[0].split()]
    assert all(process.returncode == 0 for process in processes)
    assert Counter(won) == Counter(ids)


def test_reading_then_writing_loses_nothing_on_sqlite(tmp_path: Path) -> None:
    opened = [Database(f"sqlite:///{tmp_path / 'dailies.db'}") for _ in range(2)]  # as two processes would
    opened[0].upgrade()

    def count(n: int) -> None:
        for _ in range(50):
            with opened[n % 2].transaction() as session:
                so_far = int(preferences.get(session, "", "count") or 0)
                preferences.set(session, "", "count", str(so_far + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with opened[0].reading() as session:
        assert preferences.get(session, "", "count") == "200"
    for one in opened:
        one.close()


def test_one_nonce_from_many_threads_makes_one_row(database: Database) -> None:
    def submit(_: int) -> str:
        with database.transaction() as session:
            return add(session, nonce="same").id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(submit, range(16)))) == 1


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def break_off() -> None:
        with database.transaction() as session:
            add(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with database.reading() as session:
        assert generations.page(session, "local", limit=5) == []


def test_a_reader_cannot_write_and_does_not_wait_for_a_writer(database: Database) -> None:
    with database.transaction() as writing:
        add(writing)
        with database.reading() as session:
            assert generations.page(session, "local", limit=5) == []
    with pytest.raises(DBAPIError), database.reading() as session:
        add(session)


def test_sqlite_is_told_to_lose_nothing(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    opened.upgrade()
    for session_of in (opened.transaction, opened.reading):
        with session_of() as session:
            told = {
                name: session.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    opened.close()


def test_what_waits_is_found_by_the_partial_index(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    opened.upgrade()
    with opened.reading() as session:
        queued = select(GenerationRow.id).where(is_unfinished(), GenerationRow.state == "queued")
        asked = queued.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plans = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    opened.close()
    assert all("ix_generations_unfinished" in plan for plan in plans)
