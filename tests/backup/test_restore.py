"""Put back: every row and every byte; nothing sent twice; nothing of the old lost."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db import generations, videos
from db.states import ENDED, State, VideoState
from services.backup.make import make
from services.backup.restore import restore
from services.backup.store import DATABASE, newest, old_databases
from services.errors import BackupError, HomeInUseError, StoreError
from services.jobs.slot import Slot
from services.runtime import Runtime, start
from services.settings import Settings
from services.start_over import begin_empty
from tests.backup.homes import files_of, keep_video, open_home, rows_of, spoil
from tests.db.rows import add
from tests.jobs.relay import Relay
from tests.waiting import wait_until


@pytest.fixture
def run(settings: Settings, relay: Relay) -> Iterator[Callable[..., Runtime]]:
    """Start runtimes on the test's data folder; all are closed at the end."""
    with ExitStack() as stack:

        def begin(*, executes: bool = True, **more: Any) -> Runtime:
            runtime = start(replace(settings, base_url=relay.base_url, **more), executes=executes)
            stack.callback(runtime.close)
            return runtime

        yield begin


def used(run: Callable[..., Runtime], settings: Settings) -> None:
    """Fill every table by using the app: answers, an endpoint with its token, a draft, a choice, videos."""
    runtime = run()
    me = runtime.for_person("local")
    sent = [me.generations.submit(f"prompt {number}", nonce=str(number)) for number in range(4)]
    wait_until(lambda: all(me.generations.get(one.id).state in ENDED for one in sent))
    me.endpoints.save(None, name="Other", base_url="https://api.example", token="sk-canary-token", model="m")
    me.drafts.save("half a thought")
    me.preferences.set("language", "zh_CN")
    runtime.close()
    database = open_home(settings)
    with database.transaction() as session:
        for row in generations.unfinished(session, "local"):
            generations.cancel_waiting(session, "local", row.id, row.created_at)
    for _ in range(3):
        id = keep_video(database, settings.home)
        with database.transaction() as session:
            video = videos.get(session, "local", id)
            assert video is not None
            generations.cancel_waiting(session, "local", video.generation_id, video.created_at)
    database.close()


def test_every_row_of_every_table_and_every_file_comes_back(run: Callable[..., Runtime], settings: Settings) -> None:
    used(run, settings)
    rows, files = rows_of(settings.home / "dailies.db"), files_of(settings.home)
    make(settings, settings.home / "dailies.db")
    shutil.rmtree(settings.home)

    backup = newest(settings)
    assert backup is not None
    done = restore(settings, backup)

    assert rows_of(settings.home / "dailies.db") == rows
    assert files_of(settings.home) == files
    assert len([name for name, there in rows.items() if there]) >= 8
    assert (done.files_restored, done.files_missing, done.old_database) == (6, 0, None)


def test_a_second_life_begins_on_what_was_put_back(run: Callable[..., Runtime], settings: Settings) -> None:
    used(run, settings)
    backup = make(settings, settings.home / "dailies.db")
    restore(settings, backup)

    me = run().for_person("local")

    assert len(me.library.page(text="prompt").items) == 4
    assert me.endpoints.list()[-2].has_token


def test_the_key_is_never_in_a_backup(run: Callable[..., Runtime], settings: Settings) -> None:
    used(run, settings)
    key = (settings.home / "secret.key").read_bytes().strip()
    backup = make(settings, settings.home / "dailies.db")

    kept = [path for path in (settings.backup_dir or Path()).rglob("*") if path.is_file()]

    assert backup.folder / DATABASE in kept
    assert not any(key in path.read_bytes() or b"sk-canary-token" in path.read_bytes() for path in kept)


def test_the_old_database_is_moved_aside_with_all_it_had(filled: Settings) -> None:
    backup = make(filled, filled.home / "dailies.db")
    database = open_home(filled)
    with database.transaction() as session:
        later = add(session, "written after the backup")
    database.close()
    before = rows_of(filled.home / "dailies.db")

    done = restore(filled, backup)

    assert done.old_database is not None
    assert rows_of(done.old_database) == before
    assert old_databases(filled) == [done.old_database]
    database = open_home(filled)
    with database.reading() as session:
        assert generations.get(session, None, later.id) is None
    database.close()


def test_videos_kept_after_the_backup_stay_in_the_folder(filled: Settings) -> None:
    backup = make(filled, filled.home / "dailies.db")
    database = open_home(filled)
    keep_video(database, filled.home)
    database.close()
    files = files_of(filled.home)

    restore(filled, backup)

    assert files_of(filled.home) == files


def test_damaged_and_missing_files_are_put_right(filled: Settings) -> None:
    files = files_of(filled.home)
    backup = make(filled, filled.home / "dailies.db")
    film, other = sorted((filled.home / "media").rglob("*.mp4"))[:2]
    spoil(film)
    other.unlink()

    done = restore(filled, backup)

    aside = [name for name in files_of(filled.home) if "before-restore" in name]
    assert done.files_restored == 2
    assert len(aside) == 1
    assert {name: film for name, film in files_of(filled.home).items() if name not in aside} == files


def test_what_was_in_flight_is_told_and_what_waited_is_never_sent_by_itself(
    run: Callable[..., Runtime], settings: Settings, relay: Relay
) -> None:
    relay.deltas, relay.gap_seconds = 1000, 0.02
    runtime = run(person_concurrency=2)
    me = runtime.for_person("local").generations
    ids = [me.submit(f"prompt {number}", nonce=str(number)).id for number in range(5)]
    held = runtime.for_person("local").generations.submit("held", nonce="held")
    ids.append(held.id)
    wait_until(lambda: [me.get(id).state for id in ids].count(State.STREAMING) == 2)
    wait_until(lambda: len({row[1] for row in rows_of(settings.home / "dailies.db")["deltas"]}) == 2)
    backup = make(settings, settings.home / "dailies.db")
    runtime.close()
    posts = dict(relay.posts)

    done = restore(settings, backup)
    me = run().for_person("local").generations

    assert (done.ended_in_flight, done.gave_up_waiting) == (2, 4)
    states = [me.get(id).state for id in ids]
    assert states == [State.INCOMPLETE] * 2 + [State.UNKNOWN] * 4
    assert all(relay.text.startswith(me.get(id).content) and me.get(id).content for id in ids[:2])
    assert {me.get(id).error_code for id in ids[2:]} == {"restored_waiting"}
    sentinel = me.submit("sent after the restore", nonce="after")
    wait_until(lambda: relay.posts.get("sent after the restore") == 1)
    assert me.get(sentinel.id).state is not State.UNKNOWN
    assert relay.posts == posts | {"sent after the restore": 1}


def test_a_running_dailies_is_left_alone(run: Callable[..., Runtime], settings: Settings) -> None:
    runtime = run(executes=False)  # a second server, or a command: it has no slot and writes all the same
    backup = make(settings, settings.home / "dailies.db")

    with pytest.raises(HomeInUseError):
        restore(settings, backup)
    runtime.close()
    slot = Slot(settings.home)
    assert slot.take()
    with pytest.raises(HomeInUseError):
        restore(settings, backup)
    slot.leave()

    restore(settings, backup)


def test_a_damaged_backup_changes_nothing(filled: Settings) -> None:
    backup = make(filled, filled.home / "dailies.db")
    rows = rows_of(filled.home / "dailies.db")
    spoil(backup.folder / DATABASE, at=5000)

    with pytest.raises(BackupError) as refused:
        restore(filled, backup)

    assert refused.value.code == "backup_damaged"
    assert rows_of(filled.home / "dailies.db") == rows
    assert old_databases(filled) == []


def test_a_backup_without_its_videos_says_so_and_offers_to_fetch_them_again(filled: Settings) -> None:
    backup = make(filled, filled.home / "dailies.db")
    lost = sorted((filled.home / "media").rglob("*.mp4"))[0]
    shutil.rmtree(backup.folder.parent / "media")
    lost.unlink()

    done = restore(filled, backup)

    database = open_home(filled)
    with database.reading() as session:
        video = videos.get(session, "local", lost.stem)
    database.close()
    assert done.files_missing == 1
    assert video is not None
    assert (video.state, video.error_code) == (VideoState.FAILED, "video_not_in_backup")


def test_a_newer_backup_is_refused(filled: Settings) -> None:
    database = open_home(filled)
    from sqlalchemy import text

    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    backup = make(filled, filled.home / "dailies.db")

    assert newest(filled) is None
    with pytest.raises(BackupError) as refused:
        restore(filled, backup)
    assert refused.value.code == "backup_newer"


def test_a_kill_between_the_two_renames_starts_no_empty_database(filled: Settings) -> None:
    backup = make(filled, filled.home / "dailies.db")
    rows = rows_of(filled.home / "dailies.db")
    (filled.home / "dailies.db").rename(filled.home / "dailies.db.before-restore-20261123T000000Z")

    with pytest.raises(StoreError):
        start(filled)
    restore(filled, backup)

    back = rows_of(filled.home / "dailies.db")
    # SQLite's own pages of the search; the sums of usage, into which goes what waited and may have been sent since
    other = {name for name in rows if name.startswith(("generation_search", "usage_"))}
    assert {name: len(there) for name, there in back.items() if name not in other} == {
        name: len(there) for name, there in rows.items() if name not in other
    }
    assert dt.datetime.now(dt.UTC) - backup.made_at < dt.timedelta(minutes=5)


def test_beginning_empty_beside_a_backup_begins(filled: Settings) -> None:
    backup = make(filled, filled.home / "dailies.db")
    (filled.home / "dailies.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError):
        start(filled, executes=False)

    aside = begin_empty(filled)
    start(filled, executes=False).close()

    assert aside.read_bytes().startswith(b"no database")
    assert rows_of(filled.home / "dailies.db")["generations"] == []
    assert newest(filled) == backup
