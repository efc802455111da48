"""Which backups there are: folders `<time>-<kind>-<random>` below the backup folder, each with a manifest."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from db.database import sqlite_file
from db.schema import known_revisions
from services.backup import manifest as manifests
from services.backup.files import troubles
from services.errors import BackupError
from services.settings import Settings

DATABASE = "dailies.db"
MAKING = ".making-"
_NAME = re.compile(r"\d{8}T\d{6}Z-[a-z]+-[0-9a-f]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One whole backup. `media_bytes` are shared with other backups; `kind` is daily, manual or migration."""

    name: str
    folder: Path
    kind: str
    made_at: dt.datetime
    app_version: str
    schema_revision: str
    generations: int
    database_bytes: int
    media_count: int
    media_bytes: int

    @property
    def size_bytes(self) -> int:
        """Database and media together."""
        return self.database_bytes + self.media_bytes


def folder_of(settings: Settings) -> Path:
    """Return where backups go: `DAILIES_BACKUP_DIR`, else `backups` in the data folder."""
    return settings.backup_dir or settings.home / "backups"


def newest(settings: Settings) -> Backup | None:
    """Return the newest backup that this Dailies can put back; None if there is none. Needs no database."""
    return next((one for one in all_in(folder_of(settings)) if one.schema_revision in known_revisions()), None)


def all_of(settings: Settings) -> list[Backup]:
    """Return every whole backup, newest first."""
    return all_in(folder_of(settings))


def all_in(folder: Path) -> list[Backup]:
    """Return every whole backup in a backup folder, newest first."""
    found = (_whole(place) for place in places(folder))
    return sorted((one for one in found if one), key=lambda one: (one.made_at, one.name), reverse=True)


def places(folder: Path) -> list[Path]:
    """Return every folder that is named like a backup, whole or not."""
    try:
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())
    except OSError:
        return []


def find(settings: Settings, given: str | None = None) -> Backup:
    """Return the backup somebody means: its name, its folder, a folder of backups (the newest there), or the newest.

    Raises:
        BackupError: there is no such backup (backup_missing), or it is damaged (backup_damaged).
    """
    if given is None:
        found = newest(settings)
    elif (path := Path(given).expanduser()).joinpath(manifests.NAME).exists():
        return backup_at(path.resolve())
    elif (named := folder_of(settings) / given).parent == folder_of(settings) and _NAME.fullmatch(given):
        return backup_at(named)
    else:
        found = next(iter(all_in(path.resolve())), None)
    if found is None:
        raise _missing(folder_of(settings), given)
    return found


def _missing(folder: Path, given: str | None) -> BackupError:
    if given is None:
        said = f"there is no backup in {folder} that can be put back"
    else:
        said = f"{given} is neither a backup in {folder} nor a folder with one; python3 run.py backups lists them"
    return BackupError(said, code="backup_missing")


def backup_at(place: Path) -> Backup:
    """Return the backup in a folder.

    Raises:
        BackupError: it is not whole (backup_damaged), made by a newer Dailies (backup_newer), or not there.
    """
    if not place.is_dir():
        raise _missing(place.parent, place.name)
    backup = _read(place, _stamp(place / manifests.NAME))
    if not _is_of(place / DATABASE, backup.database_bytes):
        raise BackupError(f"the database of {place.name} is not whole", code="backup_damaged")
    return backup


def old_databases(settings: Settings) -> list[Path]:
    """Return what earlier restores moved aside, newest first: delete them when all is well."""
    file = sqlite_file(settings.store_url)
    if file is None:
        return []
    found = file.parent.glob(f"{file.name}.before-restore-*Z")
    return sorted((path for path in found if path.is_file()), reverse=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a backup folder for oneself while making or deleting; the lock goes with the process.

    Raises:
        BackupError: somebody else has it (backup_busy), or the folder cannot be used (backup_folder).
    """
    with troubles():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(folder / ".lock", thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise BackupError("another backup is being made", code="backup_busy") from None
    try:
        for left in folder.glob(f"{MAKING}*"):  # whoever made these is gone: the lock was free
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()


def _whole(place: Path) -> Backup | None:
    try:
        return backup_at(place)
    except BackupError:
        return None


def _is_of(path: Path, size_bytes: int) -> bool:
    try:
        return path.stat().st_size == size_bytes
    except OSError:
        return False


@lru_cache(maxsize=64)
def _read(place: Path, stamp: tuple[int, int]) -> Backup:
    """Read a manifest once for as long as it stays the same: it may name ten thousand files."""
    said = manifests.read(place)
    return Backup(
        name=place.name,
        folder=place,
        kind=said.kind,
        made_at=said.made_at,
        app_version=said.app_version,
        schema_revision=said.schema_revision,
        generations=said.counts.get("generations", 0),
        database_bytes=said.database_bytes,
        media_count=len(said.media),
        media_bytes=said.media_bytes,
    )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
