"""What a person says of what was made: favourite, 1 to 5, notes, tags, collections. Each is one small transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from db import generations as rows
from db import marks as queries
from db.database import Database
from db.library_records import Collection
from services.clock import utc_now
from services.endpoint.text import clean
from services.errors import MarkError, NotFoundError

__all__ = ["Collection", "Marks"]

MAX_NAME_CHARS = 60
MAX_NOTES_CHARS = 4_000
EMPTY_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Marks:
    """One person's marks."""

    owner: str
    database: Database

    def set_favourite(self, generation_id: str, favourite: bool) -> None:
        """Make it a favourite, or not.

        Raises:
            NotFoundError: no such generation, or someone else's.
        """
        self._set(generation_id, favourite=favourite)

    def rate(self, generation_id: str, rating: int | None) -> None:
        """Give it 1 to 5; None takes the rating back.

        Raises:
            NotFoundError: no such generation, or someone else's.
            MarkError: no such rating.
        """
        if rating is not None and rating not in range(1, 6):
            raise MarkError("a rating is 1 to 5", code="rating_invalid")
        self._set(generation_id, rating=rating)

    def note(self, generation_id: str, notes: str) -> None:
        """Keep notes in the place of those there were.

        Raises:
            NotFoundError: no such generation, or someone else's.
            MarkError: too long.
        """
        text = clean(notes).strip()
        if len(text) > MAX_NOTES_CHARS:
            raise MarkError(f"more than {MAX_NOTES_CHARS} characters", code="notes_too_long")
        self._set(generation_id, notes=text)

    def set_tags(self, generation_id: str, names: Sequence[str]) -> None:
        """Let it have exactly these tags.

        Raises:
            NotFoundError, MarkError: as above.
        """
        wanted = {checked_name(name) for name in names}
        with self.database.transaction() as session:
            seqs = queries.owned(session, self.owner, [generation_id])
            if not seqs:
                raise NotFoundError("no such generation")
            had = set(queries.tags_of(session, seqs[0]))
            for name in sorted(had - wanted):
                queries.untag(session, self.owner, [generation_id], name)
            for name in sorted(wanted - had):
                queries.tag(session, self.owner, [generation_id], name)

    def tags(self) -> list[str]:
        """Return every tag in use."""
        with self.database.reading() as session:
            return queries.tags(session, self.owner)

    def of(self, seq: int) -> tuple[list[str], list[str]]:
        """Return the tags of one generation of this person, and the ids of its collections."""
        with self.database.reading() as session:
            return queries.tags_of(session, seq), queries.collections_of(session, seq)

    def collections(self) -> list[Collection]:
        """Return every collection, and how many each holds."""
        with self.database.reading() as session:
            return queries.collections(session, self.owner)

    def collection_names(self) -> list[str]:
        """Return the names of the collections."""
        with self.database.reading() as session:
            return queries.collection_names(session, self.owner)

    def make_collection(self, name: str) -> str:
        """Make a collection and return its id; the same name again is the same collection.

        Raises:
            MarkError: not a name.
        """
        with self.database.transaction() as session:
            return queries.make_collection(session, self.owner, token_hex(12), checked_name(name), utc_now())

    def rename_collection(self, collection_id: str, name: str) -> None:
        """Give a collection another name.

        Raises:
            MarkError: not a name, or one that is taken.
        """
        with self.database.transaction() as session:
            renamed = queries.rename_collection(session, self.owner, collection_id, checked_name(name))
        if not renamed:
            raise MarkError("there is another one of that name", code="name_taken")

    def dissolve_collection(self, collection_id: str) -> None:
        """Delete a collection; what was in it stays in the library. A large one is emptied a part at a time."""
        taken = EMPTY_AT_ONCE
        while taken == EMPTY_AT_ONCE:
            with self.database.transaction() as session:
                taken = queries.dissolve(session, self.owner, collection_id, limit=EMPTY_AT_ONCE)

    def set_collections(self, generation_id: str, collection_ids: Sequence[str]) -> None:
        """Let it be in exactly these collections.

        Raises:
            NotFoundError: no such generation, or someone else's.
        """
        with self.database.transaction() as session:
            generation = rows.get(session, self.owner, generation_id)
            if generation is None:
                raise NotFoundError("no such generation")
            had = set(queries.collections_of(session, generation.seq))
            for one in sorted(had - set(collection_ids)):
                queries.release(session, self.owner, [generation_id], one)
            for one in sorted(set(collection_ids) - had):
                queries.collect(session, self.owner, [generation_id], one)

    def _set(self, generation_id: str, **mark: object) -> None:
        with self.database.transaction() as session:
            if not queries.set_mark(session, self.owner, generation_id, **mark) and not queries.owned(
                session, self.owner, [generation_id]
            ):
                raise NotFoundError("no such generation")


def checked_name(name: str) -> str:
    """Return a name of a tag, a collection or a search in one line.

    Raises:
        MarkError: blank, or too long.
    """
    line = " ".join(clean(name).split())
    if not line:
        raise MarkError("a name is needed", code="mark_name_blank")
    if len(line) > MAX_NAME_CHARS:
        raise MarkError(f"more than {MAX_NAME_CHARS} characters", code="mark_name_too_long")
    return line
