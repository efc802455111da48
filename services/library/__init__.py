"""Finding what was made: pages of everything, newest first, filtered by words."""

from __future__ import annotations

from dataclasses import dataclass

from db import generations as rows
from db import videos
from db.database import Database
from db.records import Generation
from services.errors import NotFoundError
from services.file_names import file_name


@dataclass(frozen=True, slots=True)
class Page:
    """Some generations, newest first, and where the next page begins; `next_seq` None at the end."""

    items: list[Generation]
    next_seq: int | None


@dataclass(frozen=True, slots=True)
class Library:
    """One person's library."""

    owner: str
    database: Database

    def page(self, *, text: str = "", before_seq: int | None = None, limit: int = 24) -> Page:
        """Return generations older than `before_seq`; `text` is what was typed into the search box."""
        with self.database.reading() as session:
            found = rows.page(session, self.owner, before_seq=before_seq, limit=limit + 1, text=text or None)
        more = len(found) > limit
        return Page(items=found[:limit], next_seq=found[limit - 1].seq if more else None)

    def name_of(self, video_id: str, extension: str) -> str:
        """Return the name a video is saved under: words of its prompt and its id.

        Raises:
            NotFoundError: no such video, or someone else's.
        """
        with self.database.reading() as session:
            video = videos.get(session, self.owner, video_id)
            generation = rows.get(session, self.owner, video.generation_id) if video else None
        if generation is None:
            raise NotFoundError("no such video")
        return file_name(generation.prompt, video_id, extension)
