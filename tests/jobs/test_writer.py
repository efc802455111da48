"""The one writer: a write that can never work takes nothing else with it, a store in trouble loses nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from db import deltas, generations
from db.database import Database
from services.clock import utc_now
from services.jobs.writer import Writer
from tests.waiting import wait_until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dailies.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    writer = Writer(database)
    yield writer
    writer.close()


@pytest.fixture
def seq(database: Database) -> int:
    with database.transaction() as session:
        return generations.insert(
            session,
            id="g1",
            owner="local",
            nonce="n",
            prompt="p",
            model="m",
            endpoint_id="e",
            endpoint_name="e",
            base_url="http://x",
            created_at=utc_now(),
        ).seq


def kept(database: Database, seq: int) -> str:
    with database.reading() as session:
        return deltas.joined(session, seq)[0]


def test_a_write_that_can_never_work_takes_nothing_with_it(database: Database, writer: Writer, seq: int) -> None:
    writer.append(seq, [("c", "before ")], b"", 0.0)
    bad: Future[object] = writer.do(lambda session: 1 / 0)
    writer.append(999_999, [("c", "of nobody")], b"", 0.0)
    good: Future[object] = writer.do(lambda session: "done")
    assert good.result(10) == "done"
    assert isinstance(bad.exception(10), ZeroDivisionError)

    writer.append(seq, [("c", "after")], b"", 0.0)
    wait_until(lambda: kept(database, seq).endswith("after"))
    assert writer.alive


def test_a_locked_store_loses_nothing_and_says_so(database: Database, writer: Writer, seq: int, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for number in range(5):
        writer.append(seq, [("c", f"{number} ")], b"x", 0.1 * number)
    wait_until(lambda: writer.unsaved, seconds=20)  # the store's own busy time-out is ten seconds
    other.execute("ROLLBACK")
    other.close()
    wait_until(lambda: kept(database, seq) == "0 1 2 3 4 ", seconds=20)
    wait_until(lambda: not writer.unsaved)
