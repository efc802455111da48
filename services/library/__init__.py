"""Finding what was made: pages of everything, newest first, filtered by words."""

from __future__ import annotations

from dataclasses import dataclass

from db import generations as rows
from db.database import Database
from db.records import Generation


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
