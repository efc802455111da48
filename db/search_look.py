"""One look into the search index, span by span of the rows, so that no look takes long.

A database hands out the next hit only when it has met it: with a phrase of common words that nobody wrote it would go
through everything first. So the newest span is asked for, then an older one, as wide as the time left allows; when it
is up, what was found is the page, and `stopped` is where the next look goes on. SQLite needs that for phrases alone
(lists that never meet take it 16 ms for a million rows); Postgres for all, for it reads rows where hits seem common.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.search_text import facet_token, squeezed
from db.search_wanted import Wanted, Words, fts_query, ts_query
from db.search_words import CHARS, LOOK, holding, is_hopeless, without_broad, words_of

LOOK_SECONDS: Final = 0.02  # to fill a page
COUNT_SECONDS: Final = 0.01  # to go on counting when it is full
SPAN: Final = {True: 65_536, False: 4_096}  # rows of the first span; Postgres reads each of them
WIDER: Final = 16  # times, at most, from span to span
BEFORE_ALL, BEHIND_ALL = -1, 2**62

_FTS: Final = (
    "SELECT rowid FROM generation_search WHERE generation_search MATCH :query AND rowid > :low AND rowid < :high"
    " ORDER BY rowid {turn} LIMIT :limit"
)
# Words alone, and whose each row is: the list of all of an owner's rows costs more to step through than asking that.
_ANYBODYS: Final = (
    "SELECT rowid, EXISTS (SELECT 1 FROM generations INDEXED BY ix_generations_live"
    " WHERE owner = :owner AND seq = generation_search.rowid AND trashed_at IS NULL)"
    " FROM generation_search WHERE generation_search MATCH :query AND rowid > :low AND rowid < :high"
    " ORDER BY rowid {turn}"
)
AT_ONCE: Final = 16  # rows are fetched: one by one costs more than meeting them, and a phrase is met slowly
MANY_ENOUGH: Final = 192  # rows that are met before it is judged whether most are the owner's
_TS: Final = (
    "SELECT generation_seq FROM generation_search WHERE document @@ CAST(:query AS tsquery)"
    " AND generation_seq > :low AND generation_seq < :high ORDER BY generation_seq {turn} LIMIT :limit"
)
_STATEMENTS: Final = {
    (sqlite, oldest): text((_FTS if sqlite else _TS).format(turn="" if oldest else "DESC"))
    for sqlite in (True, False)
    for oldest in (True, False)
}
_OF_ANYBODY: Final = {oldest: text(_ANYBODYS.format(turn="" if oldest else "DESC")) for oldest in (True, False)}
_EDGES: Final = {
    False: text(
        "SELECT seq, id, owner, trashed_at FROM generations"
        " WHERE seq < coalesce(:place, (SELECT max(seq) + 1 FROM generations)) - :width ORDER BY seq DESC LIMIT 2"
    ),
    True: text(
        "SELECT seq, id, owner, trashed_at FROM generations"
        " WHERE seq > coalesce(:place, (SELECT min(seq) - 1 FROM generations)) + :width ORDER BY seq LIMIT 2"
    ),
}
# The driver prepares what it sees often, and a plan for any query reads all rows, newest first, even for a rare word.
_PLAN_EACH: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")
# What is not among the newest rows is seldom: the index knows it at once, but the planner takes it for common.
_BY_INDEX: Final = {
    on: text(f"SELECT set_config('enable_indexscan', '{word}', true), set_config('enable_seqscan', '{word}', true)")
    for on, word in ((True, "off"), (False, "on"))
}


@dataclass(frozen=True, slots=True)
class Hits:
    """What a look found. `more`: there may be more; `stopped`: time was up with everything behind this seq to go."""

    seqs: list[int]
    more: bool = False
    stopped: int | None = None


@dataclass(frozen=True, slots=True)
class _Edge:
    """Where a span ends: with the row `seq`, which is the next one's. `words` are met by it and by the row behind."""

    seq: int
    words: tuple[str, ...]


def is_sqlite(session: Session) -> bool:
    """Tell whether this is SQLite; else it is Postgres."""
    return session.get_bind().dialect.name == "sqlite"


def look_at(
    session: Session, owner: str, wanted: Wanted, *, oldest_first: bool = False, span: int | None = None
) -> Look | None:
    """Return a look into the index; None where a group of facets has none that is possible.

    `span`: how many rows the first span has.
    """
    if not all(wanted.facets):
        return None
    sqlite = is_sqlite(session)
    if not sqlite:
        session.execute(_PLAN_EACH)
    words = words_of(session, wanted) if sqlite else {}
    return Look(session, owner, words, oldest_first, sqlite, span or SPAN[sqlite])


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `words`: the whole words that beginnings stand for, where they are few."""

    session: Session
    owner: str
    words: Words
    oldest_first: bool
    sqlite: bool
    span: int

    def hits(
        self, wanted: Wanted, beyond: int | None, most: int, *, seconds: float | None = None, enough: int | None = None
    ) -> Hits:
        """Return up to `most` hits. With `seconds`, a look that takes longer stops; `enough` of them are not waited
        for longer than counting may take.
        """
        enough = most if enough is None else enough
        read = self._by_reading(wanted, beyond, enough) if enough <= LOOK else None
        if read is not None:
            return Hits(read, more=len(read) == enough)
        if seconds is None:
            found = list(self._matching(wanted, beyond, most))
            return Hits(found, more=len(found) == most)
        return self._by_spans(wanted, beyond, most, enough, seconds)

    def _by_spans(self, wanted: Wanted, beyond: int | None, most: int, enough: int, seconds: float) -> Hits:
        clock: Callable[[], float] = time.thread_time if self.sqlite else time.perf_counter  # a server has its own
        began = clock()
        found: list[int] = []
        place, width = beyond, self.span
        while True:
            at = clock()
            edge = None if self.sqlite and not wanted.has_phrase else self._edge(place, width)
            for seq in self._matching(wanted, place, most - len(found), edge):
                found.append(seq)
                if len(found) >= enough and len(found) % AT_ONCE == 0 and clock() - began > COUNT_SECONDS:
                    return Hits(found, more=True)
            if len(found) >= most or edge is None:
                return Hits(found, more=len(found) >= most)
            place = edge.seq - 1 if self.oldest_first else edge.seq + 1
            left = (COUNT_SECONDS if len(found) >= enough else seconds) - (clock() - began)
            if left <= 0:
                return Hits(found, more=True, stopped=None if len(found) >= enough else place)
            if len(found) < enough and not self.sqlite and not _is_of_words(wanted):
                rest = self._by_index(wanted, place, most - len(found))
                return Hits(found + rest, more=len(found) + len(rest) >= most)
            width *= max(1, min(WIDER, int(left / max(clock() - at, 1e-6))))

    def _edge(self, place: int | None, width: int) -> _Edge | None:
        """Return where the span that begins at `place` ends; None at the end of all."""
        rows = self.session.execute(_EDGES[self.oldest_first], {"place": place, "width": width}).all()
        if len(rows) < 2:
            return None
        ids = [facet_token(row.owner, f"i{squeezed(row.id)[:40]}", trashed=row.trashed_at is not None) for row in rows]
        return _Edge(rows[0].seq, tuple(ids))

    def _matching(self, wanted: Wanted, beyond: int | None, limit: int, edge: _Edge | None = None) -> Iterator[int]:
        """Yield the hits one by one, as the database meets them.

        FTS5 looks for the end of a span only when it has met a hit: so the two rows at the edge are hits too.
        """
        if is_hopeless(wanted, self.words):
            return
        rest: tuple[int | None, int] | None = (beyond, limit)
        if self.sqlite and wanted.terms and not wanted.facets and not wanted.trashed:
            rest = yield from self._of_anybody(wanted, beyond, limit, edge)
        if rest is None:
            return
        spell = partial(fts_query, words=self.words, until=edge.words if edge else ()) if self.sqlite else ts_query
        values = self._between(rest[0], edge) | {"query": spell(self.owner, wanted), "limit": rest[1]}
        with self.session.execute(_STATEMENTS[self.sqlite, self.oldest_first], values) as rows:
            for some in rows.partitions(AT_ONCE):
                yield from [seq for (seq,) in some]

    def _of_anybody(
        self, wanted: Wanted, beyond: int | None, limit: int, edge: _Edge | None
    ) -> Generator[int, None, tuple[int | None, int] | None]:
        """Yield hits by looking whose each row with these words is, while most of them are the owner's.

        Returns behind which hit it gave that up, and how many may follow; None where it came to the end.
        """
        query = fts_query(self.owner, wanted, self.words, edge.words if edge else (), anybodys=True)
        values = self._between(beyond, edge) | {"query": query, "owner": self.owner}
        given = 0
        with self.session.execute(_OF_ANYBODY[self.oldest_first], values) as rows:
            for met, some in enumerate(rows.partitions(AT_ONCE), start=1):
                mine = [seq for seq, is_mine in some if is_mine][: limit - given]
                yield from mine
                given += len(mine)
                if given == limit:
                    return None
                if met * AT_ONCE >= MANY_ENOUGH and given * 2 < met * AT_ONCE:
                    return int(some[-1][0]), limit - given
        return None

    def _between(self, beyond: int | None, edge: _Edge | None) -> dict[str, object]:
        ends = (beyond, edge.seq if edge else None)
        low, high = ends if self.oldest_first else ends[::-1]
        return {"low": BEFORE_ALL if low is None else low, "high": BEHIND_ALL if high is None else high}

    def _by_index(self, wanted: Wanted, beyond: int | None, limit: int) -> list[int]:
        """Return the hits of all that is left, on Postgres, from the lists of the index instead of row by row."""
        self.session.execute(_BY_INDEX[True])
        try:
            return list(self._matching(wanted, beyond, limit))
        finally:
            self.session.execute(_BY_INDEX[False])

    def _by_reading(self, wanted: Wanted, beyond: int | None, limit: int) -> list[int] | None:
        """Return the hits where every other row is one, mostly; None where the index is the quicker way."""
        rest, beginnings = without_broad(wanted, self.words) if self.sqlite else (wanted, ())
        found: list[int] = []
        looked = chars = 0
        while beginnings and len(found) < limit:
            seqs = list(self._matching(rest, beyond, 2 * limit))
            held, read = holding(self.session, seqs, beginnings, wanted.where)
            found, looked, chars = found + held, looked + len(seqs), chars + read
            if len(seqs) < 2 * limit:
                return found[:limit]
            if chars > CHARS or len(found) * LOOK < limit * looked:  # at this rate it takes too many rows
                return None
            beyond = seqs[-1]
        return found[:limit] if beginnings else None


def _is_of_words(wanted: Wanted) -> bool:
    """Tell whether words must follow each other. Pairs of Chinese must too, but they hardly ever meet otherwise."""
    phrases = (token.pieces for term in wanted.terms for token in term.tokens if len(token.pieces) > 1)
    return any(len(piece) > 2 or piece.isascii() for pieces in phrases for piece in pieces)
