"""Power cuts: the database's log with its end torn off, garbled or never written. What opens is a prefix of commits."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from db import generations
from db.database import Database
from services.clock import utc_now
from tests.crash.ledger import Ledger

COMMITS = 40
PLACES = 40


def keep(database: Database, number: int) -> None:
    with database.transaction() as session:
        generations.insert(
            session,
            id=f"g{number}",
            owner="local",
            nonce=f"n{number}",
            prompt=f"prompt {number} " + "纸船 paper boat " * (number % 30),
            model="m",
            endpoint_id="e",
            endpoint_name="e",
            base_url="http://x",
            created_at=utc_now(),
        )


@pytest.fixture(scope="module")
def torn_from(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database and a log of forty commits, as they lay when the power went."""
    home, copy = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("copy")
    database = Database(f"sqlite:///{home / 'dailies.db'}")
    database.upgrade()
    database.close()  # the schema is in the file now, and the log is empty
    database = Database(f"sqlite:///{home / 'dailies.db'}")
    for number in range(COMMITS):
        keep(database, number)
    for name in ("dailies.db", "dailies.db-wal", "dailies.db.made"):
        shutil.copy(home / name, copy / name)
    database.close()
    return copy


def truncated(log: bytes, at: int, chance: random.Random) -> bytes:
    return log[:at]


def garbled(log: bytes, at: int, chance: random.Random) -> bytes:
    return log[:at] + chance.randbytes(len(log) - at)


def spoilt_in_one_place(log: bytes, at: int, chance: random.Random) -> bytes:
    end = min(len(log), at + chance.choice([1, 8, 512, 4096]))
    return log[:at] + bytes(byte ^ 0xFF for byte in log[at:end]) + log[end:]


def never_written(log: bytes, at: int, chance: random.Random) -> bytes:
    start = at // 512 * 512
    return log[:start] + bytes(len(log) - start)


@pytest.mark.parametrize("tear", [truncated, garbled, spoilt_in_one_place, never_written])
def test_a_torn_log_opens_as_a_prefix_of_its_commits(torn_from: Path, tmp_path: Path, tear: object) -> None:
    assert callable(tear)
    chance = random.Random(20261123)
    log = (torn_from / "dailies.db-wal").read_bytes()
    found = set()
    for place in range(PLACES):
        home = tmp_path / str(place)
        shutil.copytree(torn_from, home)
        at = chance.randrange(len(log))
        (home / "dailies.db-wal").write_bytes(tear(log, at, chance))

        database = Database(f"sqlite:///{home / 'dailies.db'}")
        database.upgrade()
        with database.reading() as session:
            kept = [row.id for row in generations.page(session, "local", limit=COMMITS + 1)][::-1]
        assert kept == [f"g{number}" for number in range(len(kept))]
        assert database.integrity_faults() == []
        keep(database, COMMITS + 1)  # and it goes on
        database.close()
        assert Ledger(home).faults() == []
        found.add(len(kept))
        shutil.rmtree(home)

    assert len(found) > PLACES / 4  # the places were all over the log
    assert max(found) < COMMITS or tear is not truncated
