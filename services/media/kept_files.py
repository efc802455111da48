"""The files of kept videos by id, for their owner alone: an id of somebody else's is no id."""

from __future__ import annotations

from pathlib import Path

from db import videos
from db.database import Database
from db.states import VideoState
from services.media.store import Store


def video_file(database: Database, home: Path, owner: str, video_id: str) -> tuple[Path, str] | None:
    """Return a kept video's file and media type; None if there is none, or it is someone else's."""
    with database.reading() as session:
        video = videos.get(session, owner, video_id)
    if video is None or video.state is not VideoState.KEPT:
        return None
    media_type = video.media_type or "video/mp4"
    path = Store(home / "media").video_path(video.id, media_type)
    return (path, media_type) if path.is_file() else None


def poster_file(database: Database, home: Path, owner: str, video_id: str) -> Path | None:
    """Return a kept video's poster; None if there is none, or it is someone else's."""
    with database.reading() as session:
        video = videos.get(session, owner, video_id)
    if video is None or not video.poster:
        return None
    path = Store(home / "media").poster_path(video.id)
    return path if path.is_file() else None
