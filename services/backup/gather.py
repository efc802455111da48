"""Bring the files of the kept videos and of the pictures into the pool, and note what belongs to a backup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.backup import manifest as manifests
from services.backup.files import Pace, sha256_of
from services.backup.manifest import Manifest, Media
from services.backup.pool import Pool
from services.backup.store import all_in
from services.errors import BackupError, NotFoundError
from services.media.store import Store
from services.settings import Settings


@dataclass(frozen=True, slots=True)
class Gathered:
    """What belongs to a backup, and the names of what was not there, or was not what it had been."""

    media: tuple[Media, ...]
    missing: tuple[str, ...]


def gather(settings: Settings, folder: Path, found: dict[str, Any], pace: Pace, *, copies: bool) -> Gathered:
    """Copy what the pool of `folder` does not have; without `copies` only note the hashes. `found`: see `db.snapshot`.

    A file that is gone from the data folder, but lies in the pool since an earlier backup, still belongs to this one.

    Raises:
        BackupError: the pace was told to stop (backup_stopped).
        OSError: the pool cannot be written.
    """
    if settings.media_url is not None:  # an object store keeps its own copies, and those of years ago
        return Gathered((), ())
    pool = Pool(folder, floor_bytes=settings.free_floor_bytes)
    known = _last_manifest(folder)
    store = Store(settings.home / "media")
    wanted = [file for video in found["videos"] for file in _files_of(store, video)]
    wanted += [_File(sha256, store.picture_path(sha256), sha256, size) for sha256, size in found["pictures"]]
    fresh = [file for file in wanted if file.sha256 and not pool.has(file.sha256, file.size_bytes or 0)]
    pace.begin("media", sum(file.size_bytes or 0 for file in fresh) if copies else 0)
    media: list[Media] = []
    missing: list[str] = []
    for file in wanted:
        taken = _take(file, pool if copies else None, known, pace)
        if taken is None:
            missing.append(file.name)
        else:
            media.append(taken)
    return Gathered(tuple(media), tuple(missing))


@dataclass(frozen=True, slots=True)
class _File:
    id: str
    path: Path
    sha256: str | None
    size_bytes: int | None

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the newest backup of the folder says; a poster's row has no hash, and need not be read again each day."""

    media: dict[str, Media]
    made_at: float

    def of(self, file: _File) -> Media | None:
        """Return what was noted of a file, if it has not changed since, or is gone."""
        noted = self.media.get(file.name)
        try:
            now = file.path.stat()
        except OSError:
            return noted
        unchanged = noted is not None and now.st_size == noted.size_bytes and now.st_mtime < self.made_at - 1
        return noted if unchanged else None


def _last_manifest(folder: Path) -> _Known:
    last = next(iter(all_in(folder)), None)
    said: Manifest | None = manifests.read(last.folder) if last else None
    return _Known({one.name: one for one in said.media}, said.made_at.timestamp()) if said else _Known({}, 0.0)


def _files_of(store: Store, video: dict[str, Any]) -> Iterator[_File]:
    try:
        path = store.video_path(video["id"], video["media_type"] or "video/mp4")
    except NotFoundError:  # a row that no Dailies writes
        return
    yield _File(video["id"], path, video["sha256"], video["size_bytes"])
    if video["poster"]:
        yield _File(video["id"], store.poster_path(video["id"]), None, None)


def _take(file: _File, pool: Pool | None, known: _Known, pace: Pace) -> Media | None:
    """Have a file in the pool and return what is noted of it; None if it is not there, or not what it was."""
    try:
        noted = _note(file, known, pace)
        if pool is not None and not pool.has(noted.sha256, noted.size_bytes):
            pool.add(file.path, noted.sha256, pace)
    except FileNotFoundError:
        return None
    except BackupError as error:
        if error.code != "backup_damaged":
            raise
        return None
    return noted


def _note(file: _File, known: _Known, pace: Pace) -> Media:
    if file.sha256 is not None and file.size_bytes is not None:
        return Media(id=file.id, name=file.name, sha256=file.sha256, size_bytes=file.size_bytes)
    before = known.of(file)
    if before is not None:
        return before
    size_bytes = file.path.stat().st_size
    return Media(id=file.id, name=file.name, sha256=sha256_of(file.path, pace), size_bytes=size_bytes)
