"""Bring in: a zip of ours, films with what lies beside them, or a table of prompts; each thing once.

What is here already stays as it is. A film is believed for its bytes alone: their hash must be the record's, and they
must be a video. What is brought in belongs to whoever brings it, and its spend is counted only if it was made here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Final

from db import takeaway as queries
from db.database import Database
from db.states import VideoState
from services.clock import utc_now
from services.errors import DiskFullError, ImportRefusedError, MediaError, NotAVideoError, PictureError
from services.media.container import EXTENSIONS, HEAD_BYTES, boxes_fit, sniff
from services.media.inspect import Inspection, inspect
from services.media.part import PartFile
from services.media.store import store_of
from services.pictures.kept import Pictures
from services.pictures.shape import KEPT_BYTES
from services.prompts.reference import Reference, to_dict
from services.settings import Settings
from services.takeaway import mp4_words
from services.takeaway.arrival import Film, Incoming, foreign, own_id
from services.takeaway.found import Bare, Unread, found_in
from services.takeaway.sources import Source, opened, room_for
from services.takeaway.zip_stream import CHUNK

MAX_POSTER: Final = 1024**2
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


@dataclass(slots=True)
class Brought:
    """What came of it: how many generations are new, how many were here, what was left out and why."""

    new: int = 0
    videos: int = 0
    here: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class _LeftOutError(Exception):
    """This one is not brought in; the argument is the reason."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file in its place, and what is known of it."""

    id: str
    path: Path
    poster: Path | None
    columns: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bringing:
    """One person's way to bring things in."""

    owner: str
    database: Database
    settings: Settings

    def bring(self, path: Path, *, brought: Brought | None = None, go_on: Callable[[], bool] = lambda: True) -> Brought:
        """Bring in a folder or a zip; `brought` is filled as it goes. Stopped half way, the rest comes the next time.

        Raises:
            ImportRefusedError: nothing of it can be, or should be; the code says why.
            StoreError: the database cannot keep it.
        """
        brought = brought or Brought()
        room_bytes = room_for(self.settings.home, self.settings.free_floor_bytes)
        with opened(path, room_bytes) as source:
            for one in found_in(source, utc_now()):
                if not go_on():
                    break
                try:
                    self._one(source, one, brought)
                except _LeftOutError as error:
                    brought.left_out[str(error)] += 1
        return brought

    def _one(self, source: Source, one: Incoming | Bare | Unread, brought: Brought) -> None:
        if isinstance(one, Unread):
            raise _LeftOutError("record")
        if isinstance(one, Bare):
            self._film_alone(source, one, brought)
        elif self._is_here(one.id):
            brought.here += 1
        else:
            films = self._films(source, one)
            self._keep(
                self._with_picture(source, one),
                films,
                [_lost(film) for film in one.films if film.file not in films],
                brought,
            )

    def _film_alone(self, source: Source, bare: Bare, brought: Brought) -> None:
        sha256 = _hash_of(source, bare.file)
        one = foreign(bare.prompt, sha256, bare.model, None, utc_now())
        with self.database.reading() as session:
            here = queries.keeps(session, self.owner, sha256) or queries.is_here(session, self.owner, one.id)
        if here:
            brought.here += 1
            return
        film = Film(
            file=bare.file, poster="", sha256=sha256, media_type=None, duration_seconds=None, width=None, height=None,
            source_url="", error_code=None,
        )  # fmt: skip
        self._keep(one, {bare.file: self._film(source, film)}, [], brought)

    def _is_here(self, id: str) -> bool:
        with self.database.reading() as session:
            return queries.is_here(session, self.owner, id)

    def _with_picture(self, source: Source, one: Incoming) -> Incoming:
        """Keep the picture it was sent with, if its bytes are the record's; without it the rest comes all the same."""
        if one.still is None or not 0 < source.files.get(one.still.file, 0) <= KEPT_BYTES:
            return one
        try:
            with source.open(one.still.file) as file:
                kept = Pictures(self.owner, self.database, self.settings).bring(file.read(), one.still.sha256)
        except DiskFullError as error:
            raise ImportRefusedError("no room for what is in it", code="import_no_room") from error
        except (PictureError, *_BROKEN):
            return one
        note = to_dict(Reference(kept.sha256, kept.sha256, kept.width, kept.height, kept.size_bytes))
        fields = one.columns["fields"]
        composed = {} if fields is None else {"fields": {**fields, "picture": note}}
        return replace(one, columns={**one.columns, **composed, "picture": kept.sha256})

    def _films(self, source: Source, one: Incoming) -> dict[str, _Kept]:
        """Keep every film that lies in the source; all of them, or the generation is left out."""
        kept: dict[str, _Kept] = {}
        try:
            for film in one.films:
                if film.file in source.files and film.file not in kept:
                    kept[film.file] = self._film(source, film)
        except _LeftOutError:
            _forget(kept)
            raise
        return kept

    def _film(self, source: Source, film: Film) -> _Kept:
        """Put one film into the store.

        Raises:
            _LeftOutError: it is not what its record says, no video, or cannot be read.
        """
        if source.files[film.file] > self.settings.fetch_max_bytes:
            raise _LeftOutError("large")
        id, store = token_hex(12), store_of(self.settings)
        try:
            with source.open(film.file) as file, PartFile(store.folder_of(id), id, "") as part:
                part.start(None)
                for piece in _original(file):
                    part.write(piece)
                part.flush()
                kind = sniff(part.head(HEAD_BYTES))
                if film.sha256 is not None and part.sha256 != film.sha256:
                    raise _LeftOutError("hash")
                if kind is None or (kind == "video/mp4" and not boxes_fit(part.path)):
                    raise _LeftOutError("video")
                path = part.finish(EXTENSIONS[kind])
                about = {"sha256": part.sha256, "size_bytes": part.size_bytes, "media_type": kind}
        except MediaError as error:
            raise ImportRefusedError("no room for what is in it", code="import_no_room") from error
        except _BROKEN as error:
            raise _LeftOutError("file") from error
        return self._looked_at(source, film, _Kept(id, path, None, about))

    def _looked_at(self, source: Source, film: Film, kept: _Kept) -> _Kept:
        """Add how long and how large it is, and its poster: as the record says, or as it looks."""
        poster = store_of(self.settings).poster_path(kept.id)
        seen = Inspection(duration_seconds=film.duration_seconds, width=film.width, height=film.height)
        if None in (film.duration_seconds, film.width) or not _poster(source, film.poster, poster):
            try:
                seen = inspect(kept.path, poster)
            except NotAVideoError as error:
                kept.path.unlink(missing_ok=True)
                raise _LeftOutError("video") from error
        there = poster.is_file()
        about = {"duration_seconds": seen.duration_seconds, "width": seen.width, "height": seen.height, "poster": there}
        return _Kept(kept.id, kept.path, poster if there else None, {**kept.columns, **about})

    def _keep(self, one: Incoming, films: dict[str, _Kept], lost: list[dict[str, Any]], brought: Brought) -> None:
        """Write it down, its files being in their place: a row without a file would be a broken video."""
        now = utc_now()
        urls = {film.file: film.source_url for film in one.films}
        videos = _apart([_row(kept, urls.get(name, ""), now) for name, kept in films.items()] + lost)
        try:
            with self.database.transaction() as session:
                id = own_id(self.owner, one.id) if queries.is_taken(session, one.id) else one.id
                arrival = queries.Arrival(
                    columns={**one.columns, "id": id},
                    videos=[{**video, "created_at": one.columns["created_at"]} for video in videos],
                    tags=one.tags,
                    collections={name: token_hex(12) for name in one.collections},
                )
                new = queries.bring_in(session, self.owner, one.id, arrival, now)
        except BaseException:
            _forget(films)
            raise
        if not new:  # a neighbour was quicker
            _forget(films)
            brought.here += 1
            return
        brought.new += 1
        brought.videos += len(films)
        self._send_away(films)

    def _send_away(self, films: dict[str, _Kept]) -> None:
        """Let other machines have them too, where there is an object store; what cannot be sent is within the hour."""
        store = store_of(self.settings)
        with suppress(MediaError, OSError):
            for kept in films.values():
                for path in (kept.path, kept.poster):
                    if path is not None and store.send(path):
                        path.unlink(missing_ok=True)


def _original(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a film as it was before words were written into its copy."""
    if not file.seekable():
        return iter(lambda: file.read(CHUNK), b"")
    before = mp4_words.original_of(file)  # type: ignore[arg-type]  # opened as bytes
    if before is not None:
        return mp4_words.as_it_was(file, *before)  # type: ignore[arg-type]
    file.seek(0)
    return iter(lambda: file.read(CHUNK), b"")


def _hash_of(source: Source, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with source.open(name) as file:
            for piece in _original(file):
                digest.update(piece)
    except _BROKEN as error:
        raise _LeftOutError("file") from error
    return digest.hexdigest()


def _poster(source: Source, name: str, path: Path) -> bool:
    """Put a picture from the source into its place if it is one."""
    if not 0 < source.files.get(name, 0) <= MAX_POSTER:
        return False
    with suppress(*_BROKEN), source.open(name) as file:
        data = file.read(MAX_POSTER)
        if data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9"):
            path.write_bytes(data)
            return True
    return False


def _row(kept: _Kept, source_url: str, now: dt.datetime) -> dict[str, Any]:
    return _video(kept.id, source_url) | kept.columns | {"state": VideoState.KEPT, "kept_at": now, "error_code": None}


def _lost(film: Film) -> dict[str, Any]:
    """Return the row of a video whose file did not come along: its link is kept, and may be tried."""
    nothing = dict.fromkeys(("sha256", "media_type", "size_bytes", "duration_seconds", "width", "height", "kept_at"))
    code = film.error_code or "video_not_brought"
    return (
        _video(token_hex(12), film.source_url)
        | nothing
        | {"state": VideoState.FAILED, "error_code": code, "poster": False}
    )


def _video(id: str, source_url: str) -> dict[str, Any]:
    url = source_url or f"imported:{id}"  # no two of one generation are the same
    return {"id": id, "source_url": url, "source_key": hashlib.sha256(url.encode()).hexdigest()}


def _apart(videos: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return videos of which no two have one link: a generation saves each link once."""
    first: dict[str, dict[str, Any]] = {}
    for video in videos:
        first.setdefault(video["source_key"], video)
    return [video if video is first[video["source_key"]] else video | _video(video["id"], "") for video in videos]


def _forget(films: dict[str, _Kept]) -> None:
    for path in (path for one in films.values() for path in (one.path, one.poster) if path is not None):
        path.unlink(missing_ok=True)
