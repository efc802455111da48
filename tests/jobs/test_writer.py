"""The one writer: a write that can never work takes nothing else with it, a store in trouble loses nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import ClassVar

import pytest

from db import deltas, generations
from db.database import Database
from services.clock import utc_now
from services.jobs.writer import Writer
from tests.waiting import wait_until


class Noted:
    """An action that can be done together with its like; a bad one spoils the whole go."""

    goes: ClassVar[list[int]] = []

    def __init__(self, name: str, *, bad: bool = False) -> None:
        self.name, self.bad = name, bad

    def __call__(self, session: object) -> str:
        return self.together(session, [self])[0]

    @staticmethod
    def together(session: object, alike: Sequence[Noted]) -> list[str]:
        if any(one.bad for one in alike):
            raise ValueError("one of them is bad")
        Noted.goes.append(len(alike))
        return [one.name for one in alike]


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
    assert good.result(60) == "done"
    assert isinstance(bad.exception(60), ZeroDivisionError)

    writer.append(seq, [("c", "after")], b"", 0.0)
    wait_until(lambda: kept(database, seq).endswith("after"))
    assert writer.alive


def test_what_is_alike_is_done_in_one_go_and_a_bad_one_spoils_only_itself(writer: Writer) -> None:
    gathered = threading.Event()
    held: Future[object] = writer.do(lambda session: gathered.wait(60))  # the others gather behind it
    names = [f"{number}" for number in range(60)]
    alike = [writer.do(Noted(name)) for name in names]
    other: Future[object] = writer.do(lambda session: "other")
    later = [writer.do(Noted("good")), writer.do(Noted("bad", bad=True)), writer.do(Noted("last"))]
    gathered.set()
    held.result(60)
    assert [future.result(60) for future in alike] == names
    assert max(Noted.goes) > 1
    assert other.result(60) == "other"
    assert later[0].result(60) == "good"
    assert isinstance(later[1].exception(60), ValueError)
    assert later[2].result(60) == "last"


def test_a_locked_store_loses_nothing_and_says_so(database: Database, writer: Writer, seq: int, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for number in range(5):
        writer.append(seq, [("c", f"{number} ")], b"x", 0.1 * number)
    wait_until(lambda: writer.unsaved)  # the store's own busy time-out is ten seconds
    other.execute("ROLLBACK")
    other.close()
    wait_until(lambda: kept(database, seq) == "0 1 2 3 4 ")
    wait_until(lambda: not writer.unsaved)
