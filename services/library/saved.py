"""Views of the library that a person comes back to, by name."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex

from db import saved_searches as queries
from db.database import Database
from db.saved_searches import SavedSearch
from services.clock import utc_now
from services.errors import NotFoundError
from services.library.marks import checked_name

__all__ = ["SavedSearch", "SavedSearches"]


@dataclass(frozen=True, slots=True)
class SavedSearches:
    """One person's saved searches."""

    owner: str
    database: Database

    def all(self) -> list[SavedSearch]:
        """Return them in order of name."""
        with self.database.reading() as session:
            return queries.all_of(session, self.owner)

    def save(self, name: str, query: str) -> None:
        """Keep a view, `query` being its part of the address; the same name again replaces it.

        Raises:
            MarkError: not a name.
        """
        with self.database.transaction() as session:
            queries.save(session, self.owner, token_hex(12), checked_name(name), query[:2_000], utc_now())

    def remove(self, search_id: str) -> None:
        """Forget one.

        Raises:
            NotFoundError: there is none, or it is not theirs.
        """
        with self.database.transaction() as session:
            if not queries.remove(session, self.owner, search_id):
                raise NotFoundError("no such search")
