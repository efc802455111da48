"""The search index, written in the transaction that writes the row; no trigger (a migration would drop it).

What is indexed of a generation: its prompt, its answer, its marks (notes and tags), and its facets, one word a fact
(whose it is, its state, its rating …), so that a filter costs no more than a word (RELIABILITY d). SQLite's contentless
index forgets a row only when told exactly what it was given: db.search_entries keeps that. Postgres gets vectors and
queries spelt by us, for its own parser drops what looks like markup and splits what looks like a path.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.search_text import facet_token, owner_token, pieces, tokens
from db.search_wanted import Term, Wanted, Words, fts_query, ts_query
from db.search_words import CHARS, LOOK, holding, is_hopeless, without_broad, words_of

MAX_POSITION = 16_383  # of a tsvector; a run of CJK characters beyond it is found by its pairs only
MAX_POSITIONS = 255  # of one piece in a tsvector
MAX_VECTOR_BYTES = 900_000  # a tsvector over 1 MiB raises, and an answer that was paid for must be kept
NEWEST: Final = 2**62
COUNT_SECONDS: Final = 0.02  # of this thread's processor time; a page is filled whatever it takes

_FTS: Final = {
    False: "SELECT rowid FROM generation_search WHERE generation_search MATCH :query AND rowid < :beyond"
    " ORDER BY rowid DESC LIMIT :limit",
    True: "SELECT rowid FROM generation_search WHERE generation_search MATCH :query AND rowid > :beyond"
    " ORDER BY rowid LIMIT :limit",
}
_TS: Final = {
    False: "SELECT generation_seq FROM generation_search WHERE document @@ CAST(:query AS tsquery)"
    " AND generation_seq < :beyond ORDER BY generation_seq DESC LIMIT :limit",
    True: "SELECT generation_seq FROM generation_search WHERE document @@ CAST(:query AS tsquery)"
    " AND generation_seq > :beyond ORDER BY generation_seq LIMIT :limit",
}

# The driver prepares what it sees often, and a plan for any query reads all rows, newest first, even for a rare word.
_PLAN_EACH: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")

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
    return find(session, owner, Wanted(terms=(Term(tuple(wanted)),)), beyond=before_seq, limit=limit)


def find(
    session: Session, owner: str, wanted: Wanted, *, beyond: int | None = None, limit: int, oldest_first: bool = False
) -> list[int]:
    """Return the seqs of an owner's generations for which all of `wanted` is true, newest first.

    `beyond` is the last seq already seen. No facet of a group being possible, nothing is found.
    """
    if not all(wanted.facets):
        return []
    look = _look(session, owner, wanted, oldest_first=oldest_first)
    read = look.by_reading(wanted, beyond, limit) if limit <= LOOK else None
    return list(look.matching(wanted, beyond, limit)) if read is None else read


def first(
    session: Session, owner: str, wanted: Wanted, *, limit: int, count_to: int, oldest_first: bool = False
) -> tuple[list[int], Counted]:
    """Return the first `limit` seqs, as `find` does, and how many there are as far as counting is quick."""
    if not all(wanted.facets):
        return [], Counted(0)
    look = _look(session, owner, wanted, oldest_first=oldest_first)
    read = look.by_reading(wanted, None, limit)
    if read is not None:
        return read, Counted(len(read), more=len(read) == limit)
    found: list[int] = []
    end = time.thread_time() + COUNT_SECONDS
    for seq in look.matching(wanted, None, max(limit, count_to + 1)):
        found.append(seq)
        if len(found) >= limit and time.thread_time() > end:
            return found[:limit], Counted(min(len(found), count_to), more=True)
    return found[:limit], Counted(min(len(found), count_to), more=len(found) > count_to)


def _look(session: Session, owner: str, wanted: Wanted, *, oldest_first: bool) -> _Look:
    if is_sqlite(session):
        return _Look(session, owner, words_of(session, wanted), oldest_first)
    session.execute(_PLAN_EACH)
    return _Look(session, owner, {}, oldest_first)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look into the index. `words`: the whole words that beginnings stand for, where they are few."""

    session: Session
    owner: str
    words: Words
    oldest_first: bool

    def matching(self, wanted: Wanted, beyond: int | None, limit: int) -> Iterator[int]:
        """Yield the hits one by one, as the database meets them."""
        if is_hopeless(wanted, self.words):
            return
        if is_sqlite(self.session):
            query, statements = fts_query(self.owner, wanted, self.words), _FTS
        else:
            query, statements = ts_query(self.owner, wanted), _TS
        start = beyond if beyond is not None else 0 if self.oldest_first else NEWEST
        values = {"query": query, "beyond": start, "limit": limit}
        with self.session.execute(text(statements[self.oldest_first]), values) as rows:
            while (row := rows.fetchone()) is not None:
                yield int(row[0])

    def by_reading(self, wanted: Wanted, beyond: int | None, limit: int) -> list[int] | None:
        """Return the hits where every other row is one, mostly; None where the index is the quicker way."""
        rest, beginnings = without_broad(wanted, self.words) if is_sqlite(self.session) else (wanted, ())
        found: list[int] = []
        looked = chars = 0
        while beginnings and len(found) < limit:
            seqs = list(self.matching(rest, beyond, 2 * limit))
            held, read = holding(self.session, seqs, beginnings, wanted.where)
            found, looked, chars = found + held, looked + len(seqs), chars + read
            if len(seqs) < 2 * limit:
                return found[:limit]
            if chars > CHARS or len(found) * LOOK < limit * looked:  # at this rate it takes too many rows
                return None
            beyond = seqs[-1]
        return found[:limit] if beginnings else None


def is_empty(session: Session) -> bool:
    """Tell whether nothing is indexed at all."""
    first = "SELECT rowid" if is_sqlite(session) else "SELECT generation_seq"
    return session.scalar(text(f"{first} FROM generation_search LIMIT 1")) is None  # one of two words of ours


def is_sqlite(session: Session) -> bool:
    """Tell whether this is SQLite; else it is Postgres."""
    return session.get_bind().dialect.name == "sqlite"


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
