"""Still pictures of one's videos: the contact sheet, and single frames to take away. Made when first asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from db import videos
from db.database import Database
from db.states import VideoState
from services.errors import NoRoomError, NotFoundError
from services.room import has_room
from services.settings import Settings

if TYPE_CHECKING:
    from db.records import Video
    from services.media.frames import Kind
    from services.media.store import Store

MOST_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Stills:
    """One person's stills. What makes them is imported when it is needed: most visits ask for none."""

    owner: str
    database: Database
    settings: Settings

    def sheet(self, video_id: str) -> Path:
        """Return the file of a video's contact sheet.

        Raises:
            NotFoundError: no such kept video, or someone else's.
            MediaError: it could not be made (codes frame_failed, video_busy, video_no_room, video_not_a_video).
        """
        from services.media.frames import make_sheet

        _video, store, film = self._film(video_id)
        return self._making(store.sheet_path(video_id), lambda path: make_sheet(film, path))

    def frame(self, video_id: str, at: str, kind: str) -> Path:
        """Return the file of the frame at a time (seconds, as text from an address), as png or jpg.

        Raises:
            NotFoundError: no such kept video, or someone else's; no such time or kind.
            MediaError: as above.
        """
        from services.media.frames import make_frame

        video, store, film = self._film(video_id)
        seconds, known = _seconds(at, video), _kind(kind)
        milliseconds = round(seconds * 1000)
        path = store.frame_path(video_id, milliseconds, known)
        return self._making(path, lambda path: make_frame(film, path, milliseconds / 1000, known))

    def _film(self, video_id: str) -> tuple[Video, Store, Path]:
        from services.media.store import store_of

        with self.database.reading() as session:
            video = videos.get(session, self.owner, video_id)
        if video is None or video.state is not VideoState.KEPT:
            raise NotFoundError("no such video")
        store = store_of(self.settings)
        film = store.bring(store.video_path(video.id, video.media_type or "video/mp4"))
        if not film.is_file():
            raise NotFoundError("its file is gone")
        return video, store, film

    def _making(self, path: Path, make: Callable[[Path], Path]) -> Path:
        if not path.is_file() and not has_room(self.settings):
            raise NoRoomError("the disk is full")
        return make(path)


def _seconds(text: str, video: Video) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise NotFoundError("no such time") from None
    if not math.isfinite(seconds) or not 0 <= seconds <= MOST_SECONDS:
        raise NotFoundError("no such time")
    return seconds if video.duration_seconds is None else min(seconds, video.duration_seconds)


def _kind(text: str) -> Kind:
    if text == "png":
        return "png"
    if text == "jpg":
        return "jpg"
    raise NotFoundError("no such kind of picture")
