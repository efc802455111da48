"""Pages of the library: words and facets from the search index, the rest from the rows, never more than a bounded look.

Keyset, never OFFSET. An order is one or more parts, each newest first: "best rated" is five stars, then four …
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db import search
from db.base import core_table
from db.certainty import certainty
from db.library_records import Ask, Card, CardVideo, Conditions, Cursor, Found, Named, Names, Order
from db.library_tables import CollectionRow, TaggedRow, TagRow, UsedModelRow
from db.search_look import Hits
from db.search_wanted import Wanted, Where
from db.states import Certainty, Outcome, State, VideoState
from db.tables import GenerationRow, VideoRow

LOOK = 600  # hits whose rows are looked at for one page
BATCH = 400
PROMPT_CHARS, CONTENT_CHARS, NOTES_CHARS = 600, 8_000, 400

_G = core_table(GenerationRow).c
_V = core_table(VideoRow).c
_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "unknown": lambda column, _value: column.is_(None),
}


def page(session: Session, owner: str, ask: Ask, *, after: Cursor | None = None, limit: int, look: int = LOOK) -> Found:
    """Return up to `limit` seqs behind `after`, and where the next page begins; None at the end.

    Where rows must be looked at (`ask.conditions`), at most about `look` hits are; no look into the index takes long.
    """
    found: list[tuple[int, Cursor]] = []
    looked = 0
    parts = _parts(ask)
    place = after or Cursor(0, None)
    while place.part < len(parts) and len(found) <= limit:
        size = min(BATCH, look - looked) if looked and ask.conditions.any else limit + 1 - len(found)
        hits = _hits(session, owner, parts[place.part], place.seq, size, ask.order)
        found += [(seq, Cursor(place.part, seq)) for seq in _fulfilling(session, hits.seqs, ask.conditions)]
        looked += len(hits.seqs)
        if hits.stopped is not None:
            return Found(tuple(seq for seq, _ in found), Cursor(place.part, hits.stopped), given_up=True)
        place = Cursor(place.part, hits.seqs[-1]) if len(hits.seqs) == size else Cursor(place.part + 1, None)
        if looked >= look and len(found) <= limit and place.part < len(parts) and ask.conditions.any:
            return Found(tuple(seq for seq, _ in found), place, given_up=True)
    shown = found[:limit]
    more = len(found) > limit
    return Found(tuple(seq for seq, _ in shown), shown[-1][1] if more else None)


def first_page(
    session: Session, owner: str, ask: Ask, *, limit: int, count_to: int
) -> tuple[Found, search.Counted | None]:
    """Return the first page and how many there are in all, in one look where one is enough.

    Counted to `count_to`, or as far as is quick; None where only looking at every row could tell.
    """
    if ask.conditions.any or len(_parts(ask)) > 1:
        return page(session, owner, ask, limit=limit), count(session, owner, ask, at_most=count_to)
    hits, counted = _first(session, owner, ask, limit + 1, count_to)
    shown = tuple(hits.seqs[:limit])
    if hits.stopped is not None:
        return Found(shown, Cursor(0, hits.stopped), given_up=True), counted
    return Found(shown, Cursor(0, shown[-1]) if len(hits.seqs) > limit else None), counted


def count(session: Session, owner: str, ask: Ask, *, at_most: int) -> search.Counted | None:
    """Return how many there are, as far as `first_page` does."""
    return None if ask.conditions.any else _first(session, owner, replace(ask, order=Order.NEWEST), 1, at_most)[1]


def cards(session: Session, owner: str, seqs: Sequence[int]) -> list[Card]:
    """Return the cards of these seqs, in their order, with their tags and videos."""
    if not seqs:
        return []
    rows = session.execute(_CARDS.where(_G.owner == owner, _G.seq.in_(seqs))).all()
    kept = _videos(session, [row.id for row in rows])
    tagged = _tags(session, seqs)
    made = {row.seq: _card(row, tagged.get(row.seq, ()), kept.get(row.id, ())) for row in rows}
    return [made[seq] for seq in seqs if seq in made]


def models(session: Session, owner: str) -> list[str]:
    """Return every model an owner ever asked."""
    return sorted(session.scalars(select(UsedModelRow.model).where(UsedModelRow.owner == owner)))


def names(session: Session, owner: str, *, models_: bool, tags: bool, collections: bool, days: bool) -> Names:
    """Return what filters may name, as far as it is needed."""
    first = last = None
    if days:
        first, last = (
            session.scalar(select(ends(GenerationRow.created_at)).where(GenerationRow.owner == owner))
            for ends in (func.min, func.max)
        )
    tagged = select(TagRow.seq, TagRow.name).where(TagRow.owner == owner)
    collected = select(CollectionRow.seq, CollectionRow.name, CollectionRow.id).where(CollectionRow.owner == owner)
    return Names(
        models=tuple(models(session, owner)) if models_ else (),
        tags=tuple(Named(*row) for row in session.execute(tagged)) if tags else (),
        collections=tuple(Named(*row) for row in session.execute(collected)) if collections else (),
        first=first,
        last=last,
    )


def _parts(ask: Ask) -> list[Wanted]:
    if ask.order is Order.RATING:
        return [replace(ask.wanted, facets=(*ask.wanted.facets, (f"r{stars}",))) for stars in (5, 4, 3, 2, 1, 0)]
    if ask.order is Order.PROMPT and ask.wanted.terms:
        return [replace(ask.wanted, where=where) for where in (Where.PROMPT, Where.ELSEWHERE)]
    return [ask.wanted]


def _hits(session: Session, owner: str, wanted: Wanted, beyond: int | None, size: int, order: Order) -> Hits:
    oldest_first = order is Order.OLDEST
    if _is_search(wanted):
        return search.find_some(session, owner, wanted, beyond=beyond, limit=size, oldest_first=oldest_first)
    statement = select(_G.seq).where(_G.owner == owner, _G.trashed_at.is_(None))
    if beyond is not None:
        statement = statement.where(_G.seq > beyond if oldest_first else _G.seq < beyond)
    ordered = statement.order_by(_G.seq if oldest_first else _G.seq.desc())
    return Hits(list(session.scalars(ordered.limit(size))))


def _first(session: Session, owner: str, ask: Ask, limit: int, count_to: int) -> tuple[Hits, search.Counted]:
    if _is_search(ask.wanted):
        oldest_first = ask.order is Order.OLDEST
        return search.first(session, owner, ask.wanted, limit=limit, count_to=count_to, oldest_first=oldest_first)
    seqs = _hits(session, owner, ask.wanted, None, max(limit, count_to + 1), ask.order).seqs
    return Hits(seqs[:limit]), search.Counted(min(len(seqs), count_to), more=len(seqs) > count_to)


def _is_search(wanted: Wanted) -> bool:
    return bool(wanted.terms or wanted.facets or wanted.trashed)


def _fulfilling(session: Session, seqs: list[int], conditions: Conditions) -> list[int]:
    if not seqs or not conditions.any:
        return seqs
    true: list[ColumnElement[bool]] = [_G.seq.in_(seqs)]
    if conditions.states is not None:
        true.append(_G.state.in_(conditions.states))
    if conditions.since is not None:
        true.append(_G.created_at >= conditions.since)
    if conditions.before is not None:
        true.append(_G.created_at < conditions.before)
    true += [_SIGNS[one.sign](_G[one.column], one.value) for one in conditions.numbers]
    if any(one.column == "cost_nano" for one in conditions.numbers):  # what would have been paid was not
        true.append(certainty(GenerationRow).in_((Certainty.SURE, Certainty.MAYBE)))
    passed = set(session.scalars(select(_G.seq).where(*true)))
    return [seq for seq in seqs if seq in passed]


_CARDS = select(
    _G.seq,
    _G.id,
    _G.state,
    _G.outcome,
    func.substr(_G.prompt, 1, PROMPT_CHARS).label("prompt"),
    func.substr(_G.content, 1, CONTENT_CHARS).label("content"),
    func.substr(_G.notes, 1, NOTES_CHARS).label("notes"),
    _G.model,
    _G.demo,
    _G.total_tokens,
    _G.duration_seconds,
    _G.created_at,
    _G.favourite,
    _G.rating,
    _G.trashed_at,
)


def _card(row: Any, tags: Sequence[str], kept: Sequence[CardVideo]) -> Card:
    values = dict(row._mapping) | {
        "state": State(row.state),
        "outcome": None if row.outcome is None else Outcome(row.outcome),
    }
    return Card(**values, tags=tuple(tags), videos=tuple(kept))


def _videos(session: Session, ids: Sequence[str]) -> dict[str, list[CardVideo]]:
    columns = (_V.id, _V.generation_id, _V.state, _V.poster, _V.duration_seconds, _V.error_code)
    found: dict[str, list[CardVideo]] = {}
    for row in session.execute(select(*columns).where(_V.generation_id.in_(ids)).order_by(_V.seq)):
        video = CardVideo(**(dict(row._mapping) | {"state": VideoState(row.state)}))
        found.setdefault(row.generation_id, []).append(video)
    return found


def _tags(session: Session, seqs: Sequence[int]) -> dict[int, list[str]]:
    statement = (
        select(TaggedRow.generation_seq, TagRow.name)
        .join(TagRow, TagRow.seq == TaggedRow.tag_seq)
        .where(TaggedRow.generation_seq.in_(seqs))
        .order_by(TagRow.folded)
    )
    found: dict[int, list[str]] = {}
    for seq, name in session.execute(statement):
        found.setdefault(seq, []).append(name)
    return found
