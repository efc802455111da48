"""What is held in memory while the store is in trouble has a limit, and the limit costs no words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import deltas
from db.database import Database
from services.jobs.writer import Writer
from tests.db.rows import add
from tests.trouble.means import locked
from tests.waiting import wait_until


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    database.upgrade()
    yield database
    database.close()


def test_streams_wait_for_the_store_when_memory_is_used_up(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        seq = add(session).seq
    writer = Writer(database, held_bytes=100_000)
    with locked(tmp_path / "dailies.db"):
        pieces = 0
        while writer.wait_for_room(0.1):
            writer.append(seq, [("c", f"{pieces} ")], b"x" * 1000, 0.0)
            pieces += 1
        assert pieces == 100, "no more than the limit is held"
        assert not writer.wait_for_room(0.1)
        wait_until(lambda: writer.unsaved)
    assert writer.wait_for_room(20.0)
    wait_until(lambda: not writer.unsaved)

    with database.reading() as session:
        assert deltas.joined(session, seq)[0] == "".join(f"{number} " for number in range(pieces))
    writer.close()


def test_a_write_meanwhile_gives_up_in_line_and_takes_nobodys_turn(database: Database, tmp_path: Path) -> None:
    """The line before the lock is served in order; who leaves it does not hold it up."""
    from db.fair_lock import FairLock

    turn = FairLock()
    with turn:
        assert not turn.acquire(0.05)
    assert turn.acquire(0.05)
    turn.release()
