"""One person's reference pictures: taken in, cropped, found again. A file is named by the hash of its bytes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from db import pictures as rows
from db import videos
from db.database import Database
from db.records import Picture
from db.states import VideoState
from services.clock import utc_now
from services.errors import MediaError, NotFoundError, PictureError
from services.pictures.shape import (
    KEPT_BYTES,
    KEPT_LONGEST,
    LARGEST_BYTES,
    SENT_BYTES,
    SENT_LONGEST,
    SHAPES,
    WHOLE,
    kind_of,
)
from services.room import check_room
from services.settings import Settings

__all__ = ["LARGEST_BYTES", "Picture", "Pictures"]

DRAWN_AT_ONCE: Final = 2  # each may take up to 2 GB for a moment, if it was made to
_drawing = threading.BoundedSemaphore(DRAWN_AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What `services.pictures.draw` shall do. `kind` is a Pillow format, or libav's demuxer where `seconds` is set."""

    of: str
    kind: str
    to: str
    seconds: float | None = None
    shape: str = WHOLE
    at: float = 0.5
    longest: int = KEPT_LONGEST
    most_bytes: int = KEPT_BYTES


@dataclass(frozen=True, slots=True)
class Pictures:
    """One person's pictures."""

    owner: str
    database: Database
    settings: Settings

    def take_in(self, data: bytes) -> Picture:
        """Keep a picture from outside: upright, without a word of where it was taken, at most 2,048 pixels long.

        Raises:
            PictureError: too large, or no picture that can be read.
            DiskFullError, StoreError: it could not be kept.
        """
        if len(data) > LARGEST_BYTES:
            raise PictureError(f"over {LARGEST_BYTES} bytes", code="picture_too_large")
        kind = kind_of(data[:16])
        if kind is None:
            raise PictureError("it does not begin like a picture", code="picture_unreadable")
        with tempfile.TemporaryDirectory() as folder:
            given = Path(folder) / "given"
            given.write_bytes(data)
            return self._drawn(_Order(of=str(given), kind=kind, to=f"{folder}/drawn"), None)

    def bring(self, data: bytes, sha256: str) -> Picture:
        """Keep a picture that was kept elsewhere, as it is: its name is the hash of its bytes there too.

        Raises:
            PictureError: the bytes are not of this hash, are no picture that can be read, or tell more than it shows.
            DiskFullError, StoreError: it could not be kept.
        """
        told = kind_of(data[:16]) != "JPEG" or b"Exif\0" in data[:65_536]
        if told or len(data) > KEPT_BYTES or hashlib.sha256(data).hexdigest() != sha256:
            raise PictureError("it is not what is said of it", code="picture_unreadable")
        with self.database.reading() as session:
            known = rows.get(session, self.owner, sha256)
        if known is not None and _path(self.settings, sha256).is_file():
            return known
        with tempfile.TemporaryDirectory() as folder:
            given = Path(folder) / "given"
            given.write_bytes(data)
            size = self._draw(_Order(of=str(given), kind="JPEG", to=f"{folder}/drawn"))
        return self._kept(data, size, None)

    def frame(self, video_id: str, seconds: float) -> Picture:
        """Keep one frame of a kept video, the last that is shown `seconds` after its beginning.

        Raises:
            NotFoundError: no such video, or it is not kept.
            PictureError: it shows nothing that can be read.
            DiskFullError, StoreError: it could not be kept.
        """
        from services.media.container import DEMUXERS
        from services.media.store import store_of

        with self.database.reading() as session:
            video = videos.get(session, self.owner, video_id)
        if video is None or video.state is not VideoState.KEPT:
            raise NotFoundError("no such video")
        media_type = video.media_type or "video/mp4"
        store = store_of(self.settings)
        film = store.video_path(video.id, media_type)
        with suppress(MediaError):  # then it shows nothing that can be read
            store.bring(film)
        with tempfile.TemporaryDirectory() as folder:
            order = _Order(of=str(film), kind=DEMUXERS[media_type], to=f"{folder}/drawn", seconds=max(0.0, seconds))
            return self._drawn(order, None)

    def crop(self, source: str, shape: str, at: float = 0.5) -> Picture:
        """Return the part of a kept picture in a shape, as it will be sent: at most 1,280 pixels and 500 kB.

        Raises:
            NotFoundError: there is no such picture.
            PictureError: its file is gone, or damaged.
            DiskFullError, StoreError: it could not be kept.
        """
        whole = self.get(source)
        fits = max(whole.width, whole.height) <= SENT_LONGEST and whole.size_bytes <= SENT_BYTES
        if shape not in SHAPES and fits:
            return whole  # not drawn twice: each time costs a little of it
        path = self.file(source)
        if path is None:
            raise PictureError("its file is gone", code="picture_missing")
        with tempfile.TemporaryDirectory() as folder:
            order = _Order(
                of=str(path),
                kind="JPEG",
                to=f"{folder}/drawn",
                shape=shape,
                at=at,
                longest=SENT_LONGEST,
                most_bytes=SENT_BYTES,
            )
            return self._drawn(order, source)

    def get(self, sha256: str) -> Picture:
        """Return what is known of one.

        Raises:
            NotFoundError: none, or someone else's.
        """
        with self.database.reading() as session:
            found = rows.get(session, self.owner, sha256)
        if found is None:
            raise NotFoundError("no such picture")
        return found

    def file(self, sha256: str) -> Path | None:
        """Return where one lies; None if there is none, its file is gone, or it is someone else's."""
        with self.database.reading() as session:
            found = rows.get(session, self.owner, sha256)
        path = None if found is None else _path(self.settings, sha256)
        return path if path is not None and path.is_file() else None

    def _drawn(self, order: _Order, source: str | None) -> Picture:
        """Have it drawn by another process, and keep what comes of it."""
        size = self._draw(order)
        return self._kept(Path(order.to).read_bytes(), size, source)

    def _draw(self, order: _Order) -> tuple[int, int]:
        """Have it drawn by another process; return its width and height in pixels."""
        from services.media.apart import ask
        from services.pictures.draw import SECONDS

        check_room(self.settings)
        with _drawing:
            said = ask("services.pictures.draw", [json.dumps(asdict(order))], SECONDS)
        if "error" in said or not {"width", "height"} <= said.keys():
            raise PictureError("it cannot be drawn", code=str(said.get("error", "picture_unreadable")))
        return int(said["width"]), int(said["height"])

    def _kept(self, data: bytes, size: tuple[int, int], source: str | None) -> Picture:
        picture = Picture(
            owner=self.owner,
            sha256=hashlib.sha256(data).hexdigest(),
            source=source,
            width=size[0],
            height=size[1],
            size_bytes=len(data),
        )
        path = _path(self.settings, picture.sha256)
        _keep(path, data)
        _send(self.settings, path, picture.sha256)
        with self.database.transaction() as session:
            rows.keep(session, picture, utc_now())
        return picture


def _path(settings: Settings, sha256: str) -> Path:
    """Return where one lies, brought here if it lies in the object store."""
    from services.media.store import store_of

    store = store_of(settings)
    path = store.picture_path(sha256)
    with suppress(MediaError):  # then it is not there for now
        store.bring(path)
    return path


def _send(settings: Settings, path: Path, sha256: str) -> None:
    """Let other machines have it too; what cannot be sent now is sent within the hour."""
    if settings.media_url is not None:
        from services.media.store import store_of

        with suppress(MediaError):
            store_of(settings).send(path, sha256)


def _keep(path: Path, data: bytes) -> None:
    """Write it durably and in one step; the file comes before its row, so no row is without one."""
    from services.media.part import SUFFIX, room, sync_folder

    if path.is_file():
        os.utime(path)  # young again: who deletes what nobody wants leaves the young ones alone
        return
    with room():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(suffix=SUFFIX, dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)
        sync_folder(path.parent)
