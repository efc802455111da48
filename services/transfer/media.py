"""Videos, posters and pictures moved between the data folder and the object store, each one proved before it goes.

Free to repeat: what a move that broke off has done is found done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from db import pictures, videos
from db.database import Database
from services.backup.fault import Fault
from services.errors import MediaError, NotFoundError, TransferError
from services.media.far import FarStore, hash_of_file
from services.media.store import Store, store_of
from services.presence import Presence
from services.settings import Settings


@dataclass(slots=True)
class Moved:
    """What a move did: files and bytes that went over now, files that were there already, and how many are wrong."""

    files: int = 0
    size_bytes: int = 0
    there: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file that is kept. `must`: it is a fault if it is nowhere (a poster need not be)."""

    path: Path
    sha256: str | None
    what: str
    must: bool = True


def move_media(settings: Settings, database: Database, *, to_store: bool, tell: Callable[[Fault], object]) -> Moved:
    """Move everything that is kept; `tell` hears of each file that could not be.

    Raises:
        HomeInUseError: a Dailies runs on this data folder.
        TransferError: there is no object store (copy_target).
        MediaError: it does not answer (media_away); what was moved before is moved.
    """
    store = store_of(settings)
    far = store.far
    if far is None:
        raise TransferError(
            "Set DAILIES_MEDIA_URL to the object store, such as s3://bucket/folder.", code="copy_target"
        )
    presence = Presence(settings.home, alone=True)
    moved = Moved()
    try:
        for one in _wanted(database, store):
            _move(store, far, one, moved, to_store=to_store, tell=tell)
    finally:
        presence.leave()
    return moved


def _move(
    store: Store, far: FarStore, one: _Wanted, moved: Moved, *, to_store: bool, tell: Callable[[Fault], object]
) -> None:
    name = store.name_of(one.path)
    try:
        went = _sent(far, one, name) if to_store else _brought(far, one, name)
    except MediaError as error:
        if error.code != "media_changed":
            raise
        went = None
        moved.faults += 1
        tell(Fault(f"{one.what}_changed", name))
    except FileNotFoundError:
        went = None
        if one.must:
            moved.faults += 1
            tell(Fault(f"{one.what}_missing", name))
    if went is not None:
        moved.files, moved.size_bytes = moved.files + (went > 0), moved.size_bytes + went
        moved.there += went == 0


def _sent(far: FarStore, one: _Wanted, name: str) -> int:
    """Return how many bytes went to the store, 0 if they were there already."""
    if one.path.is_file():
        size = one.path.stat().st_size
        far.send(one.path, name, one.sha256)
        one.path.unlink()
        return size
    found = far.find(name)
    if found is None:
        raise FileNotFoundError(name)
    if one.sha256 is not None and not far.holds(name, found.size_bytes, one.sha256):
        raise MediaError("the file is not what it was", code="media_changed")
    return 0


def _brought(far: FarStore, one: _Wanted, name: str) -> int:
    """Return how many bytes came into the folder, 0 if they were there already."""
    here = one.path.is_file()
    if not here and not far.bring(name, one.path, one.sha256):
        raise FileNotFoundError(name)
    mine, size = hash_of_file(one.path), one.path.stat().st_size
    if one.sha256 is not None and mine != one.sha256:
        raise MediaError("the file is not what it was", code="media_changed")
    if here and far.find(name) is None:
        return 0
    if not here and one.sha256 is None and not far.holds(name, size, mine):
        raise MediaError("the file is not what it was", code="media_changed")
    far.forget(name)
    return 0 if here else size


def _wanted(database: Database, store: Store) -> Iterator[_Wanted]:
    with database.reading() as session:
        films, drawn = videos.kept_files(session), pictures.kept_files(session)
    for film in films:
        try:
            yield _Wanted(store.video_path(film.id, film.media_type or "video/mp4"), film.sha256, "video")
        except NotFoundError:  # a row that no Dailies writes
            continue
        yield _Wanted(store.poster_path(film.id), None, "poster", must=False)
    for picture in drawn:
        yield _Wanted(store.picture_path(picture.id), picture.sha256, "picture")
