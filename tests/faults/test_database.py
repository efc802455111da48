"""Faults of the disk and the database file: nothing is sent that could not be kept, nothing that came is lost."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from db.database import Database
from db.states import State
from services.errors import DiskFullError, SchemaError, StoreError
from services.generations import Generation
from services.runtime import start
from services.settings import Settings
from services.trouble import store_error
from tests.fault_server import FaultServer
from tests.faults.canary import hits
from tests.faults.house import House, charged, lost
from tests.faults.means import (
    WORDS,
    Gate,
    Minute,
    bound_by_permissions,
    fill,
    half_arrived,
    locked,
    small_disk,
    submit,
)
from tests.faults.results import Result, judged
from tests.faults.shed import PROJECT, Shed, in_house, killed, settled, shed
from tests.faults.telling import Told, explained, told, unsaved
from tests.waiting import wait_until


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(text=WORDS) as server:
        yield server


@pytest.fixture
def made(tmp_path: Path, server: FaultServer) -> Iterator[Shed]:
    with shed(tmp_path, server) as one:
        yield one


def result(id: str, outcome: str, told: Told, generation: Generation | None, server: FaultServer) -> Result:
    """Put together what came of it; `told` is what a person reads while the trouble lasts."""
    return Result(
        id=id,
        outcome=outcome,
        maybe_charged=charged(generation) if generation else False,
        posts=server.posts,
        lost_text=generation is not None and lost(server.sent_pieces, generation.content),
        sentence_en=told.en,
        sentence_zh=told.zh,
        canary_hits=hits(told.screen),
    )


def done_once(one: Shed, name: str = "first") -> Generation:
    """Have the folder hold one finished answer, written and closed."""
    runtime = start(Settings.from_environment(one.environment), executes=False)
    me = runtime.for_person("local")
    sent = submit(me, name)
    runtime.execute(sent.id)
    kept = me.generations.get(sent.id)
    runtime.close()
    assert (kept.state, kept.content) == (State.DONE, WORDS)
    return kept


def test_a_full_disk_refuses_before_and_waits_in_the_middle(tmp_path: Path, server: FaultServer, house: House) -> None:
    gate = Gate()
    server.plays(gate)
    with small_disk(tmp_path / "disk", 24), shed(tmp_path / "disk", server) as made, ExitStack() as stack:
        me = made.me()
        sent = submit(me, "full")
        made.worker()
        half_arrived(me, sent)
        filler = fill(made.home.parent)
        with pytest.raises(StoreError):
            submit(me, "another")
        careful = start(
            Settings.from_environment({**made.environment, "DAILIES_FREE_FLOOR_BYTES": "1000"}), executes=False
        )
        stack.callback(careful.close)
        with pytest.raises(DiskFullError) as caught:
            submit(careful.for_person("local"), "a third")
        gate.go.set()
        wait_until(lambda: server.sent_text == WORDS)
        filler.unlink()
        ended = settled(me, sent)
        judged(
            result(
                "db-disk-full",
                "nothing new is sent; the rest is saved later",
                explained(caught.value),
                ended,
                server,
            )
        )
        assert (ended.state, ended.content) == (State.DONE, WORDS)


def test_a_file_that_may_not_grow_is_written_later(made: Shed, house: House) -> None:
    gate = Gate(WORDS * 400)
    made.server.plays(gate)
    me = made.me()
    sent, worker = submit(me, "fsize"), made.worker()
    half_arrived(me, sent)
    limit = max(path.stat().st_size for path in made.home.glob("dailies.db*")) + 4096
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    gate.go.set()
    wait_until(lambda: b"not saved yet" in made.log.read_bytes(), seconds=30)
    wait_until(lambda: made.server.sent_text == WORDS * 400)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    ended = settled(me, sent)
    judged(result("db-fsize-limit", "the rest is saved later", unsaved("store_disk"), ended, made.server))
    assert (ended.state, ended.content) == (State.DONE, WORDS * 400)


def test_a_lock_of_3_5_seconds_is_not_taken_for_silence(tmp_path: Path, house: House) -> None:
    """The endpoint may be silent for 2 s; it is not, but nothing can be written for 3.5 s."""
    with FaultServer(text=WORDS[:140], delay=0.25) as server, shed(tmp_path, server, idle_seconds="2") as made:
        runtime = made.look()
        me = runtime.for_person("local")
        sent = submit(me, "locked")
        thread = threading.Thread(target=runtime.execute, args=(sent.id,))
        thread.start()
        half_arrived(me, sent)
        with locked(made.home / "dailies.db"):
            threading.Event().wait(3.5)  # the fault itself
        thread.join(60)
        ended = settled(me, sent)
        judged(in_house(house, me).result("db-locked-3.5-s", ended, server))
        assert (ended.state, ended.content) == (State.DONE, WORDS[:140])


@pytest.fixture(scope="package", autouse=True)
def minute(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Minute | None]:
    """Begin at once what takes a minute, if it was asked for."""
    asked = any(item.name == test_a_lock_of_a_minute_is_sat_out.__name__ for item in request.session.items)
    thread = Minute(tmp_path_factory.mktemp("minute")) if asked else None
    if thread:
        thread.start()
    yield thread
    if thread:
        thread.close()


def test_a_file_that_may_only_be_read_can_still_be_looked_at(server: FaultServer, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        with shed(folder, server) as made:
            kept = done_once(made)
            holder = made.me()  # keeps the log and its index beside the file
            made.home.chmod(0o555)
            for path in made.home.glob("dailies.db*"):
                path.chmod(0o444)
            code = """
from services.runtime import start
from services.errors import StoreError
from services.settings import Settings
from services.trouble import store_error
me = start(Settings.from_environment(), executes=False).for_person("local")
print("kept", me.generations.newest()[0].state)
try:
    me.generations.submit("may not be kept", nonce="n")
except StoreError as error:
    print("refused", error.code)
"""
            said = subprocess.run(
                [*bound_by_permissions(), sys.executable, "-c", code],
                cwd=PROJECT,
                env=made.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert said.stdout.split() == ["kept", "done", "refused", "store_read_only"], said.stderr[-2000:]
            judged(
                result(
                    "db-read-only-file",
                    "refused; browsing works",
                    explained(store_error("store_read_only", unsent=True)),
                    kept,
                    server,
                )
            )
            assert holder.generations.get(kept.id).content == WORDS
    finally:
        (folder / "home").chmod(0o755)


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


def test_a_lock_of_a_minute_is_sat_out(minute: Minute | None) -> None:
    assert minute is not None
    minute.join(150)
    assert minute.problem is None
    assert minute.told is not None
    judged(result("db-locked-60-s", str(minute.told.state), unsaved("store_locked"), minute.told, minute.server))
    assert (minute.unsaved, minute.told.content) == (True, WORDS)
