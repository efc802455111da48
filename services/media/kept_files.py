"""The files of kept videos by id, for their owner alone: an id of somebody else's is no id."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db import videos
from db.database import Database
from db.states import VideoState
from services.media.store import Store, store_of
from services.settings import Settings

if TYPE_CHECKING:
    from services.media.far import Far


def video_file(database: Database, settings: Settings, owner: str, video_id: str) -> tuple[Path | Far, str] | None:
    """Return a kept video's file, wherever it lies, and its media type; None if there is none, or it is someone else's.

    Raises:
        MediaError: the object store does not answer (media_away).
    """
    with database.reading() as session:
        video = videos.get(session, owner, video_id)
    if video is None or video.state is not VideoState.KEPT:
        return None
    media_type = video.media_type or "video/mp4"
    store = store_of(settings)
    file = _lies(store, store.video_path(video.id, media_type))
    return None if file is None else (file, media_type)


def poster_file(database: Database, settings: Settings, owner: str, video_id: str) -> Path | Far | None:
    """Return a kept video's poster, wherever it lies; None if there is none, or it is someone else's.

    Raises:
        MediaError: the object store does not answer (media_away).
    """
    with database.reading() as session:
        video = videos.get(session, owner, video_id)
    if video is None or not video.poster:
        return None
    store = store_of(settings)
    return _lies(store, store.poster_path(video.id))


def _lies(store: Store, path: Path) -> Path | Far | None:
    return path if path.is_file() else store.far_file(path)
