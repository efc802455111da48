"""What is spoilt is found, and what is well is not accused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.database import Database
from services.backup import manifest as manifests
from services.backup.make import make
from services.backup.store import DATABASE, Backup
from services.backup.verify import verify
from services.settings import Settings
from tests.backup.homes import keep_video, open_home, spoil
from tests.postgres import database, database_url, postgres_server

__all__ = ["database", "database_url", "postgres_server"]


def kinds(settings: Settings) -> list[str]:
    database = open_home(settings)
    try:
        return [fault.kind for fault in verify(settings, database)]
    finally:
        database.close()


def film(settings: Settings, made: Backup) -> Path:
    return sorted((settings.home / "media").rglob("*.mp4"))[0]


def copy(settings: Settings, made: Backup) -> Path:
    sha256 = next(one.sha256 for one in manifests.read(made.folder).media if one.name.endswith(".mp4"))
    return made.folder.parent / "media" / sha256[:2] / sha256


def database_copy(settings: Settings, made: Backup) -> Path:
    return made.folder / DATABASE


def test_all_is_well(filled: Settings) -> None:
    make(filled, filled.home / "dailies.db")

    assert kinds(filled) == []


@pytest.mark.parametrize(
    ("place", "kind"), [(film, "video_changed"), (copy, "copy_changed"), (database_copy, "backup_changed")]
)
def test_changed_bytes_are_found(filled: Settings, place: Callable[[Settings, Backup], Path], kind: str) -> None:
    spoil(place(filled, make(filled, filled.home / "dailies.db")))

    assert kinds(filled) == [kind]


@pytest.mark.parametrize(("place", "kind"), [(film, "video_missing"), (copy, "copy_missing")])
def test_missing_files_are_found(filled: Settings, place: Callable[[Settings, Backup], Path], kind: str) -> None:
    place(filled, make(filled, filled.home / "dailies.db")).unlink()

    assert kinds(filled) == [kind]


def test_a_backup_without_a_manifest_and_no_database_are_found(filled: Settings) -> None:
    made = make(filled, filled.home / "dailies.db")
    (made.folder / manifests.NAME).unlink()

    assert [fault.kind for fault in verify(filled, None)] == ["backup_unreadable", "database_unusable"]


@pytest.mark.postgres
def test_on_postgres_the_videos_are_looked_at(database: Database, settings: Settings) -> None:
    keep_video(database, settings.home)
    id = keep_video(database, settings.home)
    (settings.home / "media" / id[:2] / f"{id}.mp4").unlink()

    assert [(fault.kind, fault.name) for fault in verify(settings, database)] == [
        ("video_missing", f"{id[:2]}/{id}.mp4")
    ]
