"""A database file that is damaged, torn, empty or of a newer Dailies: told, and never overwritten."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from db.database import Database
from db.states import State
from services.errors import SchemaError, StoreError
from services.trouble import store_error
from tests.faults.means import WORDS, submit
from tests.faults.results import judged
from tests.faults.shed import Shed, killed, settled
from tests.faults.stores import done_once, made, result, server
from tests.faults.telling import explained, told

__all__ = ["made", "server"]


def test_a_corrupt_head_is_told_and_nothing_is_sent(made: Shed) -> None:
    kept = done_once(made)
    with (made.home / "dailies.db").open("r+b") as file:
        file.write(b"not a database at all " * 5)
    with pytest.raises(StoreError) as caught:
        made.look()
    judged(result("db-corrupt-header", "does not start", explained(caught.value), kept, made.server))
    assert caught.value.code == "store_damaged"
    assert made.server.posts == 1


def test_a_corrupt_page_is_found_by_the_whole_check(made: Shed) -> None:
    """An index that disagrees with its table: the quick check does not look there."""
    kept = done_once(made, "nonce-to-be-spoilt")
    file = made.home / "dailies.db"
    data = file.read_bytes()
    places = [at for at in range(len(data)) if data.startswith(b"nonce-to-be-spoilt", at)]
    spoilt = 0
    for at in places:  # in the table, in its index: whichever is the index's
        file.write_bytes(data[:at] + b"nonce-to-be-SPOILT" + data[at + 18 :])
        store = Database(f"sqlite:///{file}")
        faults = store.integrity_faults()
        store.close()
        with closing(sqlite3.connect(file)) as connection:
            quick = [row[0] for row in connection.execute("PRAGMA quick_check")]
        spoilt += bool(faults) and quick == ["ok"]
    judged(
        result(
            "db-corrupt-page", "found by the whole check", explained(store_error("store_damaged")), kept, made.server
        )
    )
    assert spoilt >= 1


def test_an_empty_file_is_not_taken_for_a_new_beginning(made: Shed) -> None:
    kept = done_once(made)
    (made.home / "dailies.db").write_bytes(b"")
    with pytest.raises(StoreError) as caught:
        made.look()
    judged(result("db-zero-byte-file", "does not start", explained(caught.value), kept, made.server))
    assert (made.home / "dailies.db").read_bytes() == b"", "nothing was begun in its place"


def test_a_backup_holds_what_the_bare_file_does_not(made: Shed) -> None:
    me = made.me()
    kept = done_once(made)
    file, bare, whole = made.home / "dailies.db", made.home.parent / "bare.db", made.home.parent / "whole.db"
    shutil.copy(file, bare)
    store = Database(f"sqlite:///{file}")
    store.backup(whole)
    store.close()
    assert contents(whole) == [WORDS]
    assert contents(bare) != [WORDS]
    judged(result("db-db-copied-without-wal", "the backup is whole", told(kept), kept, made.server))
    assert me.generations.get(kept.id).state is State.DONE


def contents(file: Path) -> list[str] | None:
    """Return all answers in a database file; None when there is no such table."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            return [row[0] for row in connection.execute("SELECT content FROM generations ORDER BY seq")]
        except sqlite3.DatabaseError:
            return None


def test_a_torn_log_is_a_prefix_of_what_was_committed(made: Shed, tmp_path_factory: pytest.TempPathFactory) -> None:
    me = made.me()
    sent = [submit(me, f"torn {number}") for number in range(5)]
    worker = made.worker()
    answers = [settled(me, one) for one in sent]
    killed(worker)
    log = (made.home / "dailies.db-wal").read_bytes()
    prompts = [one.prompt for one in sent]
    for part in range(12):
        torn = tmp_path_factory.mktemp("torn")
        shutil.copy(made.home / "dailies.db", torn)
        (torn / "dailies.db-wal").write_bytes(log[: len(log) * part // 11])
        with closing(sqlite3.connect(torn / "dailies.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if "generations" in tables:
                rows = [row[0] for row in connection.execute("SELECT prompt FROM generations ORDER BY seq")]
                assert rows == prompts[: len(rows)]
                for (content,) in connection.execute("SELECT content FROM generations WHERE state = 'done'"):
                    assert content == WORDS
    outcome = result("db-torn-wal", "a prefix of what was committed", told(answers[0]), answers[0], made.server)
    posts = made.server.posts // len(sent)
    judged(replace(outcome, posts=posts, lost_text=any(one.content != WORDS for one in answers)))


def test_a_newer_schema_is_left_alone(made: Shed) -> None:
    kept = done_once(made)
    with closing(sqlite3.connect(made.home / "dailies.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(SchemaError) as caught:
        made.look()
    judged(result("db-schema-newer-than-app", "does not start", explained(caught.value), kept, made.server))
    assert "9999" in caught.value.detail
