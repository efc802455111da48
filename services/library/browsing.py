"""Finding what was made: pages of everything, by words, filters and shelves (query), in any order (asking).

What a person says about it is in `marks`, what they throw away in `trash`, the views they come back to in `saved`.
"""

from __future__ import annotations

from dataclasses import dataclass

from db import generations as rows
from db import library as queries
from db import videos
from db.database import Database
from db.library_records import Ask, Card, Cursor, Found, Order
from db.records import Generation
from services.clock import utc_now
from services.errors import NotFoundError
from services.file_names import file_name
from services.library.asking import Read, Shelf, View, ask_of, query_of
from services.library.stacks import going_on

__all__ = ["COUNTED", "Card", "Library", "Look", "Order", "Page", "Shelf", "View", "cursor_of"]

COUNTED = 1_000
ONWARD = 12
"""Cards that a page may have more than asked for, so that it ends where a stack ends."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some generations, newest first, and where the next page begins; `next_seq` None at the end."""

    items: list[Generation]
    next_seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A page of cards, and what there is to say about it.

    `next` is where the next page begins, "" at the end; `given_up`: enough was looked through for now, go on there.
    `count` is None where it is not known, and on later pages; `more_than_count`: it is at least that. `words` are what
    was searched; `odd` looks like a filter and was taken for words, `unknown` names what there is not.
    """

    cards: list[Card]
    next: str
    given_up: bool
    count: int | None
    more_than_count: bool
    words: tuple[str, ...]
    odd: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """One person's library."""

    owner: str
    database: Database

    def look(self, view: View, *, after: str = "", limit: int = 48, to_stacks_end: bool = False) -> Look:
        """Return the cards of a view behind `after`, the `next` of an earlier look.

        `to_stacks_end`: a few more, where takes and like runs would be cut apart by the end of the page.
        """
        read, place = self.asked(view), cursor_of(after)
        with self.database.reading() as session:
            if place is None:
                found, count = queries.first_page(session, self.owner, read.ask, limit=limit, count_to=COUNTED)
            else:
                found, count = queries.page(session, self.owner, read.ask, after=place, limit=limit), None
            cards = queries.cards(session, self.owner, found.seqs)
        if to_stacks_end and found.next is not None and not found.given_up:
            found, cards = self._to_stacks_end(read.ask, found, cards)
        return Look(
            cards=cards,
            next=_spelt(found.next),
            given_up=found.given_up,
            count=None if count is None else count.number,
            more_than_count=count is not None and count.more,
            words=read.query.words,
            odd=read.query.odd,
            unknown=read.unknown,
        )

    def _to_stacks_end(self, ask: Ask, found: Found, cards: list[Card]) -> tuple[Found, list[Card]]:
        with self.database.reading() as session:
            behind = queries.page(session, self.owner, ask, after=found.next, limit=ONWARD)
            more = queries.cards(session, self.owner, behind.seqs)
            count = going_on(cards, more)
            if not count:
                return found, cards
            if count < len(more):  # the page ends within them: asked once more for the place where it does
                behind = queries.page(session, self.owner, ask, after=found.next, limit=count)
        return behind, cards + more[:count]

    def page(self, *, text: str = "", before_seq: int | None = None, limit: int = 24) -> Page:
        """Return whole generations older than `before_seq`; `text` is what was typed into the search box."""
        read = self.asked(View(text=text))
        after = None if before_seq is None else Cursor(0, before_seq)
        with self.database.reading() as session:
            found = queries.page(session, self.owner, read.ask, after=after, limit=limit)
            items = rows.of_seqs(session, self.owner, found.seqs)
        return Page(items=items, next_seq=found.next.seq if found.next else None)

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

    def asked(self, view: View) -> Read:
        """Return what a view comes to: what the database is asked, and what of it names nothing."""
        query = query_of(view, utc_now())
        with self.database.reading() as session:
            names = queries.names(
                session,
                self.owner,
                models_=bool(query.models),
                tags=bool(query.tags),
                collections=bool(query.collections or view.collection),
                days=query.since is not None or query.before is not None,
            )
        return ask_of(view, query, names)


def cursor_of(text: str) -> Cursor | None:
    """Read a place in a view as it stands in the address; None for what is none.

    >>> cursor_of("2.417"), cursor_of("1.0"), cursor_of("x")
    (Cursor(part=2, seq=417), Cursor(part=1, seq=None), None)
    """
    part, _dot, seq = text.partition(".")
    if not (part.isdecimal() and seq.isdecimal() and len(part) < 3 and len(seq) < 19):
        return None
    return Cursor(int(part), int(seq) or None)


def _spelt(cursor: Cursor | None) -> str:
    return "" if cursor is None else f"{cursor.part}.{cursor.seq or 0}"
