"""The search index, written in the transaction that writes the row; no trigger (a migration would drop it).

What is indexed of a generation: its prompt, its answer, its marks (notes and tags), and its facets, one word a fact
(whose it is, its state, its rating …), so that a filter costs no more than a word (RELIABILITY d). SQLite's contentless
index forgets a row only when told exactly what it was given: db.search_entries keeps that. Postgres gets vectors and
queries spelt by us, for its own parser drops what looks like markup and splits what looks like a path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.search_look import LOOK_SECONDS, Hits, is_sqlite, look_at
from db.search_text import facet_token, owner_token, pieces, tokens
from db.search_wanted import Term, Wanted

MAX_POSITION = 16_383  # of a tsvector; a run of CJK characters beyond it is found by its pairs only
MAX_POSITIONS = 255  # of one piece in a tsvector
MAX_VECTOR_BYTES = 900_000  # a tsvector over 1 MiB raises, and an answer that was paid for must be kept

# Made once: 100 streams may end in the same moment.
_INSERT_FTS: Final = text(
    "INSERT INTO generation_search (rowid, prompt, response, marks, facets)"
    " VALUES (:seq, :prompt, :response, :marks, :facets)"
)
_DELETE_FTS: Final = text(
    "INSERT INTO generation_search (generation_search, rowid, prompt, response, marks, facets)"
    " VALUES ('delete', :seq, :prompt, :response, :marks, :facets)"
)
_INSERT_TS: Final = text(
    "INSERT INTO generation_search (generation_seq, document) VALUES (:seq, CAST(:document AS tsvector))"
)
_DELETE_TS: Final = text("DELETE FROM generation_search WHERE generation_seq = :seq")


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are; with `more`, at least that many."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """All that is indexed of one generation."""

    owner: str
    prompt: str
    response: str = ""
    marks: str = ""
    facets: tuple[str, ...] = ()
    trashed: bool = False

    @property
    def words(self) -> list[str]:
        """The owner's word and one for each fact; in the trash they are other words, so nothing there is found."""
        facets = [facet_token(self.owner, facet, trashed=self.trashed) for facet in self.facets]
        return [owner_token(self.owner, trashed=self.trashed), *facets]


def index(session: Session, documents: Mapping[int, Document]) -> None:
    """Make generations findable, by their seqs; none may be indexed yet."""
    if not documents:
        return
    if is_sqlite(session):
        session.execute(_INSERT_FTS, [_fts_row(seq, document) for seq, document in documents.items()])
    else:
        vectors = [{"seq": seq, "document": _vector(document)} for seq, document in documents.items()]
        session.execute(_INSERT_TS, vectors)


def remove(session: Session, documents: Mapping[int, Document]) -> None:
    """Forget generations, by their seqs; each document must be the one it was indexed with."""
    if not documents:
        return
    if is_sqlite(session):
        session.execute(_DELETE_FTS, [_fts_row(seq, document) for seq, document in documents.items()])
    else:
        session.execute(_DELETE_TS, [{"seq": seq} for seq in documents])


def response_text(content: str, reasoning: str) -> str:
    """Return what is indexed of an answer."""
    return f"{content}\n{reasoning}" if reasoning else content


def search(session: Session, owner: str, query: str, *, before_seq: int | None = None, limit: int) -> list[int]:
    """Return the seqs of an owner's generations that hold all words of `query`, newest first.

    Words are found by their beginnings, CJK text anywhere; 20 tokens count. A query without a letter or digit
    finds nothing.
    """
    wanted = tokens(query)
    if not wanted:
        return []
    asked = Wanted(terms=(Term(tuple(wanted)),))
    look = look_at(session, owner, asked)
    return [] if look is None else look.hits(asked, before_seq, limit).seqs


def find(session: Session, owner: str, wanted: Wanted, *, limit: int) -> list[int]:
    """Return the newest seqs of an owner's generations for which all of `wanted` is true, however long that takes.

    No facet of a group being possible, nothing is found.
    """
    look = look_at(session, owner, wanted)
    return [] if look is None else look.hits(wanted, None, limit).seqs


def find_some(
    session: Session, owner: str, wanted: Wanted, *, beyond: int | None, limit: int, oldest_first: bool = False
) -> Hits:
    """Return hits behind `beyond`, the last seq already seen, newest first, as far as a look of bounded time goes."""
    look = look_at(session, owner, wanted, oldest_first=oldest_first)
    return Hits([]) if look is None else look.hits(wanted, beyond, limit, seconds=LOOK_SECONDS)


def first(
    session: Session, owner: str, wanted: Wanted, *, limit: int, count_to: int, oldest_first: bool = False
) -> tuple[Hits, Counted]:
    """Return the first `limit` hits, as `find_some` does, and how many there are as far as counting is quick."""
    look = look_at(session, owner, wanted, oldest_first=oldest_first)
    if look is None:
        return Hits([]), Counted(0)
    most = max(limit, count_to + 1)
    found = look.hits(wanted, None, most, seconds=LOOK_SECONDS, enough=limit)
    number = len(found.seqs)
    more = found.more or number > count_to
    return replace(found, seqs=found.seqs[:limit]), Counted(min(number, count_to), more=more)


def is_empty(session: Session) -> bool:
    """Tell whether nothing is indexed at all."""
    first = "SELECT rowid" if is_sqlite(session) else "SELECT generation_seq"
    return session.scalar(text(f"{first} FROM generation_search LIMIT 1")) is None  # one of two words of ours


def _fts_row(generation_seq: int, document: Document) -> dict[str, object]:
    return {
        "seq": generation_seq,
        "prompt": " ".join(pieces(document.prompt)),
        "response": " ".join(pieces(document.response)),
        "marks": " ".join(pieces(document.marks)),
        "facets": " ".join(document.words),
    }


def _vector(document: Document) -> str:
    """Spell a tsvector: weight A is the prompt, B the answer, C a facet, D the marks; positions make phrases."""
    positions: dict[str, list[str]] = {word: ["1C"] for word in document.words}
    room = MAX_VECTOR_BYTES
    texts = (("A", document.prompt), ("D", document.marks), ("B", document.response))
    weighted = [(piece, weight) for weight, words in texts for piece in (*pieces(words), "")]
    for place, (piece, weight) in enumerate(weighted, start=1):
        if not piece:  # a gap between two texts: no phrase goes across it
            continue
        places = positions.setdefault(piece, [])
        room -= 4 if places else len(piece.encode()) + 8
        if room < 0:
            break
        if len(places) < MAX_POSITIONS:
            places.append(f"{min(place, MAX_POSITION)}{weight}")
    return " ".join(f"'{piece}':{','.join(places)}" for piece, places in positions.items() if places)
