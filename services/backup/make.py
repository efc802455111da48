"""Make one backup while everything goes on: the database by SQLite's own copy, videos and pictures by their hash.

All is written under a name that is none, and renamed when it is whole: a backup that was killed is never taken for one.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from secrets import token_hex
from typing import Any

from db import copying
from services.backup import manifest as manifests
from services.backup import prune
from services.backup.files import Pace, sha256_of, troubles
from services.backup.gather import Gathered, gather
from services.backup.look import look_through
from services.backup.manifest import Manifest
from services.backup.store import DATABASE, MAKING, Backup, alone, backup_at, folder_of
from services.clock import utc_now
from services.errors import BackupError
from services.media.part import sync_folder
from services.settings import Settings
from services.version import app_version


def make(
    settings: Settings,
    database: Path,
    *,
    kind: str = "manual",
    to: Path | None = None,
    pace: Pace | None = None,
) -> Backup:
    """Make a backup of a database file and its media, and let go of old ones; return it.

    `kind` "migration" copies the database alone: no migration touches a video, and a start must not wait for them.

    Raises:
        BackupError: nothing was made; the code says why. A damaged database (database_damaged) makes no backup and
            therefore never pushes a good one out.
    """
    folder = to or folder_of(settings)
    if not database.is_file() or database.stat().st_size == 0:
        raise BackupError("there is no database yet", code="backup_nothing")
    with alone(folder), troubles():
        _refuse_without_room(settings, folder, database)
        made = _make(settings, database, folder, kind, pace or Pace())
        prune.prune(folder)
    return made


def _make(settings: Settings, database: Path, folder: Path, kind: str, pace: Pace) -> Backup:
    at = utc_now()
    name = f"{at:%Y%m%dT%H%M%SZ}-{kind}-{token_hex(2)}"
    draft = folder / f"{MAKING}{name}"
    draft.mkdir(mode=0o700)
    try:
        pace.begin("database", database.stat().st_size)
        _copy(database, draft / DATABASE, pace)
        pace.begin("check", 0)
        found = look_through(draft / DATABASE, pace)
        gathered = gather(settings, folder, found, pace, copies=kind != "migration")
        manifests.write(_manifest(kind, at, draft / DATABASE, found, gathered, pace), draft)
        _sync(draft)
        draft.rename(folder / name)
        sync_folder(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return backup_at(folder / name)


def _copy(database: Path, target: Path, pace: Pace) -> None:
    try:
        copying.copy(database, target, pace.at)
    except copying.CopyError as error:
        code = "backup_no_room" if error.full else "database_damaged" if error.damaged else "backup_failed"
        raise BackupError(f"the database cannot be copied: {error}", code=code) from error


def _manifest(
    kind: str, at: dt.datetime, database: Path, found: dict[str, Any], gathered: Gathered, pace: Pace
) -> Manifest:
    return Manifest(
        kind=kind,
        made_at=at,
        app_version=app_version(),
        schema_revision=found["revision"] or "",
        database_sha256=sha256_of(database, pace),
        database_bytes=database.stat().st_size,
        counts=found["counts"],
        media=gathered.media,
        missing=gathered.missing,
    )


def _refuse_without_room(settings: Settings, folder: Path, database: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free - database.stat().st_size < settings.free_floor_bytes:
        wanted = f"{settings.free_floor_bytes / 1e6:,.0f} MB must stay free (DAILIES_FREE_FLOOR_BYTES)"
        raise BackupError(f"there is too little room in {folder}: {wanted}", code="backup_no_room")


def _sync(draft: Path) -> None:
    """Push the manifest and the names to the disk before the rename says that they are there."""
    with (draft / manifests.NAME).open("rb+") as file:
        os.fsync(file.fileno())
    sync_folder(draft)
