"""Backups by themselves: one a day, in the background, and their failure told."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from services.backup import manifest as manifests
from services.backup.daily import Backups
from services.backup.make import make
from services.backup.store import all_of
from services.errors import BackupError
from services.settings import Settings
from tests.backup.homes import keep_video, open_home, spoil
from tests.waiting import wait_until


@pytest.fixture
def backups(filled: Settings) -> Iterator[Callable[..., Backups]]:
    """Begin the service on the filled data folder, its first look at once; all are closed at the end."""
    with ExitStack() as stack:

        def begin(settings: Settings = filled) -> Backups:
            database = open_home(settings)
            stack.callback(database.close)
            service = Backups(settings, database, first_seconds=0.0)
            stack.callback(service.close)
            return service

        yield begin


def aged(settings: Settings, hours: float) -> None:
    """Make every backup older, or younger than now."""
    for made in all_of(settings):
        at = made.made_at - dt.timedelta(hours=hours)
        path = made.folder / manifests.NAME
        path.write_text(path.read_text("utf-8").replace(made.made_at.isoformat(), at.isoformat()), "utf-8")


def test_the_first_is_made_by_itself_and_the_database_is_checked(
    backups: Callable[..., Backups], filled: Settings
) -> None:
    service = backups()

    service.begin_daily()
    wait_until(lambda: service.state().checked is not None)

    state = service.state()
    assert [one.kind for one in state.backups] == ["daily"]
    assert state.trouble is None
    assert state.checked is not None
    assert state.checked.faults == ()


@pytest.mark.parametrize(("hours", "count"), [(1.0, 1), (25.0, 2), (-48.0, 2)])
def test_one_a_day_also_when_the_clock_has_jumped(
    backups: Callable[..., Backups], filled: Settings, hours: float, count: int
) -> None:
    make(filled, filled.home / "dailies.db", kind="daily")
    aged(filled, hours)
    service = backups()

    wait = service._look_after()

    assert len(all_of(filled)) == count
    assert 0 < wait <= 3600


def test_a_failure_is_told_until_one_works(backups: Callable[..., Backups], filled: Settings, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    service = backups(replace(filled, backup_dir=blocked))

    assert service._look_after() == 1800.0
    told, checked = service.trouble(), service.state().checked
    blocked.unlink()
    service._look_after()

    assert told == "backup_folder"
    assert checked is not None, "no copy could be made, so the database itself was looked through"
    assert service.trouble() is None


def test_a_damaged_database_is_told_and_the_good_backup_stays(
    backups: Callable[..., Backups], filled: Settings
) -> None:
    make(filled, filled.home / "dailies.db", kind="daily")
    aged(filled, 25)
    good = all_of(filled)
    service = backups()
    with (filled.home / "dailies.db").open("r+b") as file:
        file.seek(4096 * 6)
        file.write(bytes(range(256)) * 16)

    service._look_after()

    assert service.state().trouble == "database_damaged"
    assert all_of(filled) == good


def test_back_up_now_shows_how_far_it_is_and_two_clicks_are_one(
    backups: Callable[..., Backups], filled: Settings
) -> None:
    service = backups()

    service.back_up_now()
    progress = service.state().progress
    with pytest.raises(BackupError) as refused:
        service.back_up_now()
    wait_until(lambda: service.state().progress is None)

    assert progress is not None
    assert refused.value.code == "backup_busy"
    assert [one.kind for one in service.state().backups] == ["manual"]


def test_check_everything_keeps_what_it_found(backups: Callable[..., Backups], filled: Settings) -> None:
    film = sorted((filled.home / "media").rglob("*.mp4"))[0]
    spoil(film)
    service = backups()

    service.verify_now()
    wait_until(lambda: service.state().verified is not None)

    looked = backups().state().verified
    assert looked is not None
    assert [(fault.kind, fault.name) for fault in looked.faults] == [
        ("video_changed", f"{film.parent.name}/{film.name}")
    ]


def test_closing_ends_a_backup_at_once_and_it_is_made_again(backups: Callable[..., Backups], filled: Settings) -> None:
    database = open_home(filled)
    keep_video(database, filled.home, payload_bytes=100_000_000)
    database.close()
    service = backups()

    service.begin_daily()
    wait_until(lambda: service.progress is not None and service.progress.stage == "media")
    service.close()

    assert all_of(filled) == []
    assert service.trouble() is None
    again = backups()
    shutil.rmtree(filled.home / "media")
    again._look_after()
    assert len(all_of(filled)) == 1
