"""Collections shown to everybody who is let in: on purpose, one at a time, and taken back at any moment."""

from __future__ import annotations

from dataclasses import dataclass

from db import sharing as queries
from db.database import Database
from db.noting import note
from db.people_records import SharedCollection, SharedFilm
from services.clock import utc_now

__all__ = ["SharedCollection", "SharedFilm", "Sharing"]


@dataclass(frozen=True, slots=True)
class Sharing:
    """What one person shows, and what all show."""

    owner: str
    database: Database

    def is_shared(self, collection_id: str) -> bool:
        """Tell whether a collection of one's own is shown to all."""
        with self.database.reading() as session:
            return queries.is_shared(session, self.owner, collection_id)

    def share(self, collection_id: str) -> None:
        """Show a collection of one's own, its prompts and videos, to everybody who is let in."""
        now = utc_now()
        with self.database.transaction() as session:
            if queries.share(session, self.owner, collection_id, now):
                note(session, "shared", collection_id, at=now)

    def unshare(self, collection_id: str) -> None:
        """Show it to nobody else any more."""
        with self.database.transaction() as session:
            if queries.unshare(session, self.owner, collection_id):
                note(session, "unshared", collection_id, at=utc_now())

    def collections(self) -> list[SharedCollection]:
        """Return every collection that somebody shows, one's own included."""
        with self.database.reading() as session:
            return queries.collections(session)

    def films(self, collection_id: str, *, before_seq: int | None = None, limit: int = 12) -> list[SharedFilm]:
        """Return what is in one, newest first; nothing when it is not shared (any more)."""
        with self.database.reading() as session:
            return queries.films(session, collection_id, before_seq=before_seq, limit=limit)

    def seen_as(self, video_id: str) -> str:
        """Return in whose name this person may see a video: of whoever shows it to all, else only in their own."""
        with self.database.reading() as session:
            return queries.owner_of_video(session, video_id) or self.owner
