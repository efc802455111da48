"""Backups are whole or not there, cost only what is new, and disturb nobody."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.states import ENDED, State
from services.backup import manifest as manifests
from services.backup.files import Pace
from services.backup.make import make
from services.backup.restore import restore
from services.backup.store import DATABASE, Backup, all_of, find, newest
from services.errors import BackupError
from services.runtime import Runtime, start
from services.settings import Settings
from tests.backup.homes import keep_video, open_home, rows_of, spoil
from tests.db.rows import add
from tests.jobs.relay import Relay
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]


def database_of(settings: Settings) -> Path:
    return settings.home / "dailies.db"


def on_disk(settings: Settings) -> int:
    assert settings.backup_dir is not None
    return sum(path.stat().st_size for path in settings.backup_dir.rglob("*") if path.is_file())


@pytest.fixture
def run(settings: Settings, relay: Relay) -> Iterator[Callable[..., Runtime]]:
    with ExitStack() as stack:

        def begin(**more: Any) -> Runtime:
            runtime = start(replace(settings, base_url=relay.base_url, **more))
            stack.callback(runtime.close)
            return runtime

        yield begin


def test_it_says_what_it_holds(filled: Settings) -> None:
    made = make(filled, database_of(filled))

    said = manifests.read(made.folder)

    assert newest(filled) == made
    assert (made.kind, made.app_version, made.schema_revision) == ("manual", "0.1.0", said.schema_revision)
    assert (said.counts["generations"], said.counts["videos"], len(said.media)) == (3, 3, 6)
    assert said.missing == ()
    assert sorted(path.name for path in made.folder.iterdir()) == [DATABASE, manifests.NAME]


def test_the_second_backup_costs_only_what_is_new(filled: Settings) -> None:
    database = open_home(filled)
    keep_video(database, filled.home, payload_bytes=3_000_000)
    make(filled, database_of(filled))
    before = on_disk(filled)

    keep_video(database, filled.home, payload_bytes=50_000)
    second = make(filled, database_of(filled))
    database.close()

    assert second.media_bytes > 3_000_000
    assert on_disk(filled) - before < 50_000 + second.database_bytes + 20_000


def test_a_backup_of_eight_running_streams_is_consistent(
    run: Callable[..., Runtime], settings: Settings, relay: Relay
) -> None:
    relay.deltas, relay.gap_seconds = 250, 0.02
    runtime = run()
    me = runtime.for_person("local").generations
    ids = [me.submit(f"prompt {number}", nonce=str(number)).id for number in range(8)]
    wait_until(lambda: all(me.get(id).state is State.STREAMING for id in ids))
    wait_until(lambda: len({row[1] for row in rows_of(database_of(settings))["deltas"]}) == 8)

    made = make(settings, database_of(settings), pace=Pace(0.5))
    wait_until(lambda: all(me.get(id).state in ENDED for id in ids))
    whole = [me.get(id) for id in ids]
    runtime.close()
    restore(settings, made)
    again = run().for_person("local").generations

    assert {(one.state, one.content) for one in whole} == {(State.DONE, relay.text)}
    assert all(again.get(id).state is State.INCOMPLETE for id in ids)
    assert all(again.get(id).content and relay.text.startswith(again.get(id).content) for id in ids)
    assert sorted(relay.posts.values()) == [1] * 8


def test_a_kill_in_the_middle_leaves_nothing_that_looks_like_a_backup(filled: Settings) -> None:
    database = open_home(filled)
    with database.transaction() as session:
        for number in range(300):
            add(session, f"{number} " + "x" * 20_000)
    database.close()
    whole = make(filled, database_of(filled))
    for seen in ("database", "check", "media"):
        keep = open_home(filled)
        keep_video(keep, filled.home, payload_bytes=3_000_000)
        keep.close()
        killed_at(seen, filled)
        assert [one.name for one in all_of(filled)] == [whole.name]

    after = make(filled, database_of(filled))

    assert [one.name for one in all_of(filled)] == [after.name]  # of one day the newest stays
    assert filled.backup_dir is not None
    assert list(filled.backup_dir.glob(".making-*")) == []
    assert [path for path in filled.backup_dir.rglob("*.draft") if path.is_file()] == []


def killed_at(stage: str, settings: Settings) -> None:
    """Begin a backup in a process of its own and kill it -9 as soon as it says that it has come to a stage."""
    script = (
        "import sys, time; from pathlib import Path; from services.settings import Settings;"
        " from services.backup.make import make; from services.backup.files import Pace\n"
        "def tell(stage, done, total):\n"
        f"    if stage == {stage!r} and (done or stage == 'check'):\n"
        "        print('there', flush=True); time.sleep(60)\n"
        f"home = Path({str(settings.home)!r})\n"
        f"made = Settings(home=home, backup_dir=Path({str(settings.backup_dir)!r}), free_floor_bytes=0)\n"
        "make(made, home / 'dailies.db', pace=Pace(tell=tell))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        process.send_signal(signal.SIGKILL)


def test_a_stopped_backup_leaves_nothing(filled: Settings) -> None:
    stop = threading.Event()

    def tell(stage: str, done: int, total: int) -> None:
        if stage == "media":
            stop.set()

    with pytest.raises(BackupError) as stopped:
        make(filled, database_of(filled), pace=Pace(stop=stop, tell=tell))

    assert stopped.value.code == "backup_stopped"
    assert all_of(filled) == []
    assert filled.backup_dir is not None
    assert [path.name for path in filled.backup_dir.iterdir() if path.name.startswith(".making")] == []


def test_a_damaged_database_makes_no_backup_and_pushes_none_out(filled: Settings) -> None:
    database = open_home(filled)
    with database.transaction() as session:
        for number in range(200):
            add(session, f"{number} " + "x" * 5_000)
    database.close()
    good = make(filled, database_of(filled))
    size = database_of(filled).stat().st_size
    with database_of(filled).open("r+b") as file:  # a page in the middle, as a bad disk leaves it
        file.seek(size // 2 // 4096 * 4096)
        file.write(os.urandom(4096))

    with pytest.raises(BackupError) as refused:
        make(filled, database_of(filled))

    assert refused.value.code == "database_damaged"
    assert all_of(filled) == [good]


def test_a_database_with_a_spoilt_head_is_said_to_be_damaged(filled: Settings) -> None:
    good = make(filled, database_of(filled))
    with database_of(filled).open("r+b") as file:
        file.write(b"this is no database")

    with pytest.raises(BackupError) as refused:
        make(filled, database_of(filled))

    assert refused.value.code == "database_damaged"
    assert all_of(filled) == [good]


def test_a_damaged_video_is_not_taken_for_a_good_one(filled: Settings) -> None:
    film = sorted((filled.home / "media").rglob("*.mp4"))[0]
    spoil(film)

    made = make(filled, database_of(filled))

    assert manifests.read(made.folder).missing == (f"{film.parent.name}/{film.name}",)
    assert made.media_count == 5


def test_a_video_that_is_gone_but_in_an_earlier_backup_still_belongs_to_the_next(filled: Settings) -> None:
    make(filled, database_of(filled))
    for path in (filled.home / "media").rglob("*.*"):
        path.unlink()

    made = make(filled, database_of(filled))
    done = restore(filled, made)

    assert (made.media_count, manifests.read(made.folder).missing) == (6, ())
    assert done.files_restored == 6


def test_two_at_once_are_one(filled: Settings) -> None:
    refused: list[str] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "check" and not refused:
            with contextlib.suppress(BackupError):
                try:
                    make(filled, database_of(filled))
                except BackupError as error:
                    refused.append(error.code)
                    raise

    make(filled, database_of(filled), pace=Pace(tell=meanwhile))

    assert refused == ["backup_busy"]
    assert len(all_of(filled)) == 1


def test_a_folder_that_cannot_be_used_is_said(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(BackupError) as refused:
        make(replace(filled, backup_dir=tmp_path / "file" / "below"), database_of(filled))

    assert refused.value.code == "backup_folder"


def test_a_full_disk_is_said_before_anything_is_written(filled: Settings) -> None:
    with pytest.raises(BackupError) as refused:
        make(replace(filled, free_floor_bytes=2**60), database_of(filled))

    assert refused.value.code == "backup_no_room"
    assert all_of(filled) == []


def test_where_a_copy_would_fill_the_disk_a_second_name_is_enough(filled: Settings) -> None:
    film = sorted((filled.home / "media").rglob("*.mp4"))[0]
    free = os.statvfs(filled.home).f_bavail * os.statvfs(filled.home).f_frsize

    made = make(replace(filled, free_floor_bytes=free - 2**28), database_of(filled))

    assert film.stat().st_nlink == 2
    assert made.media_count == 6


def test_a_backup_is_found_by_name_by_folder_and_by_the_folder_of_all(filled: Settings, tmp_path: Path) -> None:
    older = make(filled, database_of(filled))
    elsewhere = make(filled, database_of(filled), to=tmp_path / "elsewhere")

    found: list[Backup] = [
        find(filled),
        find(filled, older.name),
        find(filled, str(older.folder)),
        find(filled, str(tmp_path / "elsewhere")),
    ]

    assert found == [older, older, older, elsewhere]
    with pytest.raises(BackupError) as refused:
        find(filled, "../backups/nothing")
    assert refused.value.code == "backup_missing"


def test_a_manifest_that_names_files_elsewhere_is_not_believed(filled: Settings) -> None:
    made = make(filled, database_of(filled))
    said = (made.folder / manifests.NAME).read_text("utf-8")
    name = manifests.read(made.folder).media[0].name
    (made.folder / manifests.NAME).write_text(said.replace(name, "../../etc/cron.d/evil"), "utf-8")

    with pytest.raises(BackupError):
        manifests.read(made.folder)
    assert newest(filled) is None
