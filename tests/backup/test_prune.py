"""Seven days and four weeks stay, and what each of the last migrations began with."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from services.backup import manifest as manifests
from services.backup.make import make
from services.backup.prune import expired, prune
from services.backup.store import Backup, all_of, find, places
from services.settings import Settings
from tests.backup.homes import keep_video, open_home

TODAY = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)  # a Monday


def backup(made_at: dt.datetime, kind: str = "daily", revision: str = "0001") -> Backup:
    name = f"{made_at:%Y%m%dT%H%M%SZ}-{kind}-{random.Random(str(made_at)).randrange(16**4):04x}"
    return Backup(
        name=name,
        folder=Path("/nowhere") / name,
        kind=kind,
        made_at=made_at,
        app_version="0.1.0",
        schema_revision=revision,
        generations=1,
        database_bytes=1,
        media_count=0,
        media_bytes=0,
    )


def kept(backups: list[Backup]) -> list[Backup]:
    gone = expired(backups)
    return [one for one in backups if one not in gone]


def days_ago(days: float) -> dt.datetime:
    return TODAY - dt.timedelta(days=days)


def test_of_a_hundred_days_seven_days_and_four_weeks_stay() -> None:
    stay = kept([backup(days_ago(day)) for day in range(100)])

    ages = [(TODAY - one.made_at).days for one in stay]
    assert ages == [0, 1, 2, 3, 4, 5, 6, 8, 15, 22, 29]  # each Sunday before this week's seven days


def test_day_by_day_it_comes_to_the_same() -> None:
    stay: list[Backup] = []
    for day in range(100, -1, -1):
        stay = kept([backup(days_ago(day)), *stay])

    assert len(stay) == 11
    assert [(TODAY - one.made_at).days for one in stay] == [0, 1, 2, 3, 4, 5, 6, 8, 15, 22, 29]


def test_of_one_day_the_newest_stays() -> None:
    stay = kept([backup(days_ago(hour / 24)) for hour in range(3)])

    assert [one.made_at for one in stay] == [TODAY]


def test_who_starts_it_once_a_month_keeps_eleven_all_the_same() -> None:
    assert len(kept([backup(days_ago(30 * month)) for month in range(20)])) == 11


def test_the_last_three_migrations_keep_what_they_began_with() -> None:
    migrations = [backup(days_ago(200 + number), "migration", f"{9 - number:04}") for number in range(5)]
    again = backup(days_ago(300), "migration", "0009")

    stay = kept([backup(TODAY), *migrations, again])

    assert stay == [backup(TODAY), *migrations[:3]]


def dated(made: Backup, at: dt.datetime) -> None:
    """Make a real backup older than it is."""
    said = (made.folder / manifests.NAME).read_text("utf-8").replace(made.made_at.isoformat(), at.isoformat())
    (made.folder / manifests.NAME).write_text(said, "utf-8")


def test_media_go_with_the_last_backup_that_wants_them(filled: Settings) -> None:
    database = open_home(filled)
    extra = keep_video(database, filled.home)
    first = make(filled, filled.home / "dailies.db")
    dated(first, first.made_at - dt.timedelta(hours=30))
    lost = next(one.sha256 for one in manifests.read(first.folder).media if one.name.endswith(f"{extra}.mp4"))
    from sqlalchemy import text

    with database.transaction() as session:
        session.execute(text("DELETE FROM videos WHERE id = :id"), {"id": extra})
    database.close()
    assert filled.backup_dir is not None

    second = make(filled, filled.home / "dailies.db")
    assert (filled.backup_dir / "media" / lost[:2] / lost).exists()
    assert len(all_of(filled)) == 2
    dated(find(filled, first.name), second.made_at - dt.timedelta(seconds=1))
    prune(filled.backup_dir)

    assert [one.name for one in all_of(filled)] == [second.name]
    assert not (filled.backup_dir / "media" / lost[:2] / lost).exists()
    assert all(
        (filled.backup_dir / "media" / one.sha256[:2] / one.sha256).exists()
        for one in manifests.read(second.folder).media
    )


def test_what_cannot_be_read_is_left_alone_and_so_are_all_media(filled: Settings) -> None:
    first = make(filled, filled.home / "dailies.db")
    (first.folder / manifests.NAME).write_text("{}", "utf-8")
    assert filled.backup_dir is not None
    stray = filled.backup_dir / "media" / "ab" / ("ab" * 32)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"perhaps wanted")

    make(filled, filled.home / "dailies.db")

    assert first.folder in places(filled.backup_dir)
    assert stray.exists()
