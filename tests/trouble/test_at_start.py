"""What is found at the start: each kind of broken database is told by its name, and nothing is put in its place."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from db.database import Database
from services.backup.make import make
from services.errors import SchemaError, StoreError
from services.runtime import Runtime, start
from services.settings import Settings
from tests.trouble.means import PROJECT, copy_home, run_script, spoil_header, spoil_index_page
from tests.waiting import wait_until

Run = Callable[..., Runtime]
READ_ONLY = """
import json, sys
from pathlib import Path
from services.errors import DailiesError
from services.runtime import start
from services.settings import Settings
from tests.waiting import wait_until

runtime = start(Settings(home=Path(sys.argv[1]), base_url="http://127.0.0.1:9", undo_seconds=0.0, free_floor_bytes=0))
me = runtime.for_person("local")
read = [one.prompt for one in me.generations.newest()]
found = [one.prompt for one in me.library.page(text="here").items]
try:
    me.generations.submit("not now", nonce="m")
    refused = None
except DailiesError as error:
    refused = [error.code, error.unsent]
wait_until(lambda: runtime.trouble == "store_read_only")
print(json.dumps({"read": read, "found": found, "refused": refused, "health": runtime.health()}))
runtime.close()
"""
COMMAND = [sys.executable, "-m", "services.commands"]


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Path:
    """A data folder with one generation that ended, its Dailies stopped."""
    runtime = run(executes=False)
    sent = runtime.for_person("local").generations.submit("it was here before", nonce="spoil-me", worker=runtime.worker)
    runtime.execute(sent.id)
    runtime.close()
    return tmp_path


def refusal(home: Path) -> StoreError:
    with pytest.raises(StoreError) as refused:
        start(Settings(home=home), executes=False)
    return refused.value


def prompts(runtime: Runtime) -> list[str]:
    return [one.prompt for one in runtime.for_person("local").generations.newest()]


def test_a_spoilt_header_is_told_as_damage_with_the_file(filled: Path) -> None:
    spoil_header(filled / "dailies.db")
    before = (filled / "dailies.db").read_bytes()
    error = refusal(filled)

    assert error.code == "store_damaged"
    assert error.detail == str(filled / "dailies.db")
    assert (filled / "dailies.db").read_bytes() == before


@pytest.mark.parametrize("how", ["emptied", "gone"])
def test_an_empty_or_missing_file_is_no_new_installation(filled: Path, how: str) -> None:
    file = filled / "dailies.db"
    file.write_bytes(b"") if how == "emptied" else file.unlink()

    assert refusal(filled).code == "store_lost"
    assert not file.exists() or file.stat().st_size == 0


def test_an_empty_place_beside_a_backup_is_no_new_installation(filled: Path) -> None:
    make(Settings(home=filled, free_floor_bytes=0), filled / "dailies.db")
    for path in filled.glob("dailies.db*"):
        path.unlink()

    assert refusal(filled).code == "store_lost"


def test_a_file_copied_without_its_wal_is_no_new_installation(tmp_path: Path) -> None:
    """While all of it is in the WAL, the file itself holds nothing of ours."""
    database = Database(f"sqlite:///{tmp_path / 'from' / 'dailies.db'}")
    database.upgrade()
    to = tmp_path / "to"
    to.mkdir()
    for name in ("dailies.db", "dailies.db.made"):
        shutil.copy(tmp_path / "from" / name, to / name)
    database.close()

    assert (to / "dailies.db").stat().st_size > 0
    assert refusal(to).code == "store_lost"


def test_a_copy_with_its_wal_has_everything_and_one_without_has_not(run: Run, tmp_path: Path) -> None:
    me = run(home=tmp_path / "live", executes=False).for_person("local").generations
    for number in range(3):
        me.submit(f"number {number}", nonce=f"n{number}")
    copy_home(tmp_path / "live", tmp_path / "whole")
    copy_home(tmp_path / "live", tmp_path / "without")
    (tmp_path / "without" / "dailies.db-wal").unlink()
    (tmp_path / "without" / "dailies.db-shm").unlink()
    whole = run(home=tmp_path / "whole", executes=False)

    assert len(prompts(whole)) == 3
    with closing(sqlite3.connect(tmp_path / "without" / "dailies.db")) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'generations'").fetchone()[0]
        kept = connection.execute("SELECT count(*) FROM generations").fetchone()[0] if tables else 0
    assert kept < 3


def test_a_newer_schema_is_left_alone_and_its_version_is_said(filled: Path) -> None:
    with closing(sqlite3.connect(filled / "dailies.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9876'")
    error = refusal(filled)

    assert isinstance(error, SchemaError)
    assert "9876" in error.detail
    with closing(sqlite3.connect(filled / "dailies.db")) as connection:
        assert connection.execute("SELECT count(*) FROM generations").fetchone() == (1,)


def test_the_command_line_says_the_same_sentence_and_fails(filled: Path) -> None:
    spoil_header(filled / "dailies.db")
    environment = {**os.environ, "DAILIES_HOME": str(filled)}
    for words in (["list"], ["submit", "hello"], ["worker"]):
        done = subprocess.run(
            [*COMMAND, *words], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 1
        assert "The database file is damaged." in done.stderr
        assert str(filled / "dailies.db") in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="rights as Linux knows them")
@pytest.mark.parametrize("folder_mode", [0o755, 0o555], ids=["file", "folder"])
def test_without_the_right_to_write_everything_can_be_read_and_nothing_is_sent(filled: Path, folder_mode: int) -> None:
    for path in filled.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    filled.chmod(folder_mode)
    try:
        said = run_script(READ_ONLY, str(filled), powerless=True)
    finally:
        filled.chmod(0o755)

    assert said == {
        "read": ["it was here before"],
        "found": ["it was here before"],
        "refused": ["store_read_only", True],
        "health": False,
    }


def test_a_spoilt_index_page_is_found_by_the_daily_look_and_told(filled: Path, run: Run) -> None:
    spoil_index_page(filled / "dailies.db", b"spoil-me")
    with closing(sqlite3.connect(filled / "dailies.db")) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    runtime = run(executes=False)
    assert runtime.trouble is None
    runtime.backups.back_up_now()  # what the daily one does, without waiting for its hour
    wait_until(lambda: runtime.damaged)

    assert runtime.trouble == "store_damaged"
    assert prompts(runtime) == ["it was here before"]
    assert run(executes=False).damaged, "a restart need not look again to know"


def test_a_damaged_engine_file_is_set_aside_and_work_goes_on(filled: Path, run: Run) -> None:
    (filled / "engine.db").write_bytes(b"this was a database once" * 100)
    me = run(demo_pace=0.05).for_person("local").generations
    sent = me.submit("A kite over the sea, the engine forgot", nonce="again", endpoint_id="demo")
    wait_until(lambda: [video.state for video in me.get(sent.id).videos] == ["kept"])

    assert list(filled.glob("engine.db.broken-*"))


SLOW_MIGRATION = '''
"""A migration that is killed in the middle."""
import time
from alembic import op
revision, down_revision, branch_labels, depends_on = "9000", "{head}", None, None
def upgrade() -> None:
    op.execute("CREATE TABLE half (x INTEGER)")
    op.execute("UPDATE generations SET prompt = 'half done'")
    print("in the middle", flush=True)
    time.sleep({seconds})
'''
UPGRADE = "import sys; from db.database import Database; d = Database(sys.argv[1]); d.upgrade(); d.close(); print('up')"


def test_a_killed_migration_has_done_nothing_and_the_next_one_does_all(filled: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(PROJECT / "db", newer / "db")
    versions = newer / "db" / "migrations" / "versions"
    head = max(path.name[:4] for path in versions.glob("[0-9]*.py"))
    migration = versions / "9000_slow.py"
    migration.write_text(SLOW_MIGRATION.format(head=head, seconds=60), "utf-8")
    command = [sys.executable, "-c", UPGRADE, f"sqlite:///{filled / 'dailies.db'}"]
    with subprocess.Popen(command, cwd=newer, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(signal.SIGKILL)

    runtime = start(Settings(home=filled), executes=False)
    assert prompts(runtime) == ["it was here before"]
    runtime.close()
    with closing(sqlite3.connect(filled / "dailies.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchone() is None

    migration.write_text(SLOW_MIGRATION.format(head=head, seconds=0), "utf-8")
    done = subprocess.run(command, cwd=newer, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.endswith("up\n")
    assert refusal(filled).code == "schema_newer"
