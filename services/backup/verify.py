"""Look at everything that is kept: every backup by its manifest, the database, every video and picture by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from db import pictures, videos
from db.database import Database
from db.trouble import StoreTrouble, Trouble, trouble_of
from services.backup import manifest as manifests
from services.backup.fault import Fault
from services.backup.files import Pace, sha256_of
from services.backup.look import look_through
from services.backup.manifest import Media
from services.backup.pool import Pool, is_draft
from services.backup.store import DATABASE, folder_of, places
from services.errors import BackupError, MediaError, NotFoundError
from services.media.store import Store, store_of
from services.settings import Settings


def verify(settings: Settings, database: Database | None, pace: Pace | None = None) -> Iterator[Fault]:
    """Yield what is wrong, as it is found; nothing when all is well. `database` None: it could not be opened.

    Raises:
        BackupError: the pace was told to stop (backup_stopped).
    """
    pace = pace or Pace()
    yield from _backups(folder_of(settings), pace)
    if database is None:
        yield Fault("database_unusable", f"there is none in {settings.home}")
        return
    try:
        yield from (Fault("database_damaged", said) for said in database.integrity_faults())
        with database.reading() as session:
            kept, drawn = videos.kept_files(session), pictures.kept_files(session)
    except StoreTrouble as error:
        damaged = trouble_of(error) is Trouble.DAMAGED
        yield Fault("database_damaged" if damaged else "database_unusable", str(getattr(error, "orig", error))[:200])
        return
    pace.begin("videos", sum(video.size_bytes or 0 for video in kept))
    store = store_of(settings)
    for video in kept:
        path = _path(store, video.id, video.media_type)
        fault = _kept_fault(store, path, video.sha256 or "", "video", pace)
        if fault is not None:
            yield fault
    for picture in drawn:
        fault = _kept_fault(store, store.picture_path(picture.id), picture.sha256 or "", "picture", pace)
        if fault is not None:
            yield fault


def _path(store: Store, id: str, media_type: str | None) -> Path:
    try:
        return store.video_path(id, media_type or "video/mp4")
    except NotFoundError:
        return Path(id)


def _backups(folder: Path, pace: Pace) -> Iterator[Fault]:
    wanted: dict[str, Media] = {}
    for place in places(folder):
        try:
            said = manifests.read(place)
        except BackupError:
            yield Fault("backup_unreadable", place.name)
            continue
        pace.begin("database", said.database_bytes)
        yield from _database(place, said.database_sha256, pace)
        if said.kind != "migration":  # those name the media and leave them to the others
            wanted |= {one.sha256: one for one in said.media}
    yield from _pool(Pool(folder), wanted.values(), pace)


def _database(place: Path, sha256: str, pace: Pace) -> Iterator[Fault]:
    file = place / DATABASE
    try:
        if sha256_of(file, pace) != sha256:
            yield Fault("backup_changed", place.name)
            return
        look_through(file, pace)
    except OSError:
        yield Fault("backup_unreadable", place.name)
    except BackupError as error:
        if error.code == "backup_stopped":
            raise
        yield Fault("backup_broken", place.name)


def _pool(pool: Pool, wanted: Iterable[Media], pace: Pace) -> Iterator[Fault]:
    wanted = list(wanted)
    pace.begin("media", sum(one.size_bytes for one in wanted))
    for media in wanted:
        fault = _file_fault(pool.path(media.sha256), media.sha256, "copy", pace)
        if fault is not None:
            yield Fault(fault.kind, media.name)
    known = {one.sha256 for one in wanted}
    for path in pool.files():
        if path.name not in known and not is_draft(path):
            fault = _file_fault(path, path.name, "copy", pace)
            if fault is not None:
                yield fault


def _kept_fault(store: Store, path: Path, sha256: str, what: str, pace: Pace) -> Fault | None:
    """Look at a file where it lies: here, or in the object store."""
    name = f"{path.parent.name}/{path.name}"
    try:
        far = None if path.is_file() else store.far_file(path)
        if far is None:
            return _file_fault(path, sha256, what, pace)
        digest = hashlib.sha256()
        for piece in far.pieces():
            digest.update(piece)
            pace.took(len(piece))
    except MediaError:
        return Fault("media_away", name)
    return None if digest.hexdigest() == sha256 else Fault(f"{what}_changed", name)


def _file_fault(path: Path, sha256: str, what: str, pace: Pace) -> Fault | None:
    try:
        changed = sha256_of(path, pace) != sha256
    except OSError:
        return Fault(f"{what}_missing", f"{path.parent.name}/{path.name}")
    return Fault(f"{what}_changed", f"{path.parent.name}/{path.name}") if changed else None
