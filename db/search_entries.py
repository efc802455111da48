"""What the search index holds of each generation, kept so that it can be taken back exactly.

Whoever changes a row, its tags, its collections or its videos calls `refresh` in the same transaction; what has not
changed costs one SELECT. `rebuild` fills an index that a migration has emptied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, cast, delete, exists, func, select, text
from sqlalchemy.orm import Session

from db import prompt_keys, search
from db.base import core_table
from db.library_tables import CollectedRow, SearchEntryRow, TaggedRow, TagRow
from db.prompt_keys import Said
from db.search import Document
from db.search_look import is_sqlite
from db.search_text import fold, squeezed
from db.states import ENDED, VideoState
from db.tables import GenerationRow, VideoRow

BATCH = 200
UNFINISHED = "unfinished"
MAX_TASK_IDS = 10

_G = core_table(GenerationRow).c
_E = core_table(SearchEntryRow).c
_V = core_table(VideoRow).c


def _words(column: ColumnElement[int]) -> ColumnElement[str]:
    return func.aggregate_strings(cast(column, String), " ")


def _standing() -> Select[Any]:
    """Select all that the index is made of, and what it was last given, in one go."""
    tags = (
        select(func.aggregate_strings(core_table(TagRow).c.name, "\n"))
        .join_from(core_table(TaggedRow), core_table(TagRow))
        .where(core_table(TaggedRow).c.generation_seq == _G.seq)
    )
    tag_seqs = select(_words(core_table(TaggedRow).c.tag_seq)).where(core_table(TaggedRow).c.generation_seq == _G.seq)
    collections = select(_words(core_table(CollectedRow).c.collection_seq)).where(
        core_table(CollectedRow).c.generation_seq == _G.seq
    )
    kept = exists().where(_V.generation_id == _G.id, _V.state == VideoState.KEPT)
    of_row = (_G.seq, _G.id, _G.owner, _G.state, _G.outcome, _G.prompt, _G.content, _G.reasoning, _G.model, _G.demo)
    marks = (_G.created_at, _G.links, _G.task_ids, _G.favourite, _G.rating, _G.notes, _G.trashed_at, _G.imported_at)
    around = (
        tags.scalar_subquery().label("tags"),
        tag_seqs.scalar_subquery().label("tag_seqs"),
        collections.scalar_subquery().label("collection_seqs"),
        kept.label("kept"),
    )
    before = (_E.facets.label("was_facets"), _E.marks.label("was_marks"))
    return (
        select(*of_row, *marks, *around, *before)
        .outerjoin_from(core_table(GenerationRow), core_table(SearchEntryRow), _E.generation_seq == _G.seq)
        .where(_G.seq.in_(bindparam("seqs", expanding=True)))
        .order_by(_G.seq)
    )


# In plain words, which both databases speak: 100 streams may end in the same moment.
_KEEP = text(
    "INSERT INTO search_entries (generation_seq, facets, marks) VALUES (:seq, :facets, :marks)"
    " ON CONFLICT (generation_seq) DO UPDATE SET facets = excluded.facets, marks = excluded.marks"
)
_NOTE = text("INSERT INTO used_models (owner, model) VALUES (:owner, :model) ON CONFLICT DO NOTHING")
_STANDING = _standing()
_LOCK = select(_G.seq).where(_G.seq.in_(bindparam("seqs", expanding=True))).order_by(_G.seq).with_for_update()


def refresh(session: Session, seqs: Iterable[int], *, was_response: str | None = None) -> None:
    """Bring the index to what these generations are now; they may be new to it.

    `was_response`: what was indexed of their answer until now, where this transaction has changed it.
    """
    for batch in _batches(seqs):
        if not is_sqlite(session):  # what is read below must not be overtaken by a neighbour's change
            session.execute(_LOCK, {"seqs": batch})
        _bring(session, session.execute(_STANDING, {"seqs": batch}).all(), was_response)


def forget(session: Session, seqs: Iterable[int]) -> None:
    """Take generations out of the index, before they are deleted."""
    for batch in _batches(seqs):
        indexed = [row for row in session.execute(_STANDING, {"seqs": batch}) if row.was_facets is not None]
        search.remove(session, {row.seq: _as_indexed(row) for row in indexed})
        prompt_keys.forget(session, {row.seq: Said(row.owner, row.model, row.prompt) for row in indexed})
        session.execute(delete(SearchEntryRow).where(SearchEntryRow.generation_seq.in_(batch)))


def rebuild(session: Session) -> int:
    """Fill an index that is empty while there are generations; return how many it took in."""
    if not search.is_empty(session):
        return 0
    count = last = 0
    while batch := list(session.scalars(select(_G.seq).where(_G.seq > last).order_by(_G.seq).limit(BATCH))):
        refresh(session, batch)
        count += len(batch)
        last = batch[-1]
    return count


def reindex(session: Session) -> int:
    """Fill an index that is empty from what it was last given, as the rows of another store say; return how many."""
    count = last = 0
    while batch := list(
        session.scalars(
            select(_E.generation_seq).where(_E.generation_seq > last).order_by(_E.generation_seq).limit(BATCH)
        )
    ):
        rows = session.execute(_STANDING, {"seqs": batch}).all()
        search.index(session, {row.seq: _as_indexed(row) for row in rows})
        count += len(rows)
        last = batch[-1]
    return count


def note_model(session: Session, owner: str, model: str) -> None:
    """Remember that an owner asked a model, so that a filter can name it."""
    session.execute(_NOTE, {"owner": owner, "model": model})


def model_facet(model: str) -> str:
    """Return the facet of a model; a name may hold anything, so it goes by its hash."""
    return "m" + hashlib.sha256(fold(model).encode()).hexdigest()[:12]


def facets_of(row: Any) -> tuple[str, ...]:
    """Return one word a fact: state, outcome, model, day, marks, what it has, its ids."""
    state = str(row.state).replace("_", "") if row.state in ENDED else UNFINISHED
    day = row.created_at.strftime("%Y%m%d")
    has = {
        "hvideo": row.kept,
        "hlink": bool(row.links),
        "hnote": bool(row.notes),
        "htag": bool(row.tag_seqs),
        "hcollection": bool(row.collection_seqs),
        "kdemo": row.demo,
        "kimported": row.imported_at is not None,
        "f": row.favourite,
        f"o{row.outcome}": row.outcome is not None,
    }
    ids = [row.id, *row.task_ids[:MAX_TASK_IDS]]
    return (
        f"s{state}",
        f"r{row.rating or 0}",
        model_facet(row.model),
        *(f"d{day[:length]}" for length in (4, 6, 8)),
        *(facet for facet, true in has.items() if true),
        *(f"t{seq}" for seq in (row.tag_seqs or "").split()),
        *(f"c{seq}" for seq in (row.collection_seqs or "").split()),
        *(f"i{short[:40]}" for short in dict.fromkeys(squeezed(str(one)) for one in ids) if short),
    )


def _bring(session: Session, rows: Sequence[Row[Any]], was_response: str | None) -> None:
    """Forget, take in and note in as many statements as that is: 100 streams may end in the same moment."""
    brought = {row.seq: change for row in rows if (change := _brought(row, was_response))}
    search.remove(session, {seq: was for seq, (was, _, _) in brought.items() if was is not None})
    search.index(session, {seq: now for seq, (_, now, _) in brought.items()})
    if noted := [noted for _, _, noted in brought.values() if noted is not None]:
        session.execute(_KEEP, noted)
    new = (row for row in rows if row.was_facets is None)
    prompt_keys.note(session, {row.seq: Said(row.owner, row.model, row.prompt) for row in new})


def _brought(row: Row[Any], was_response: str | None) -> tuple[Document | None, Document, dict[str, Any] | None] | None:
    """Return what the index must forget of a row, what it must take in, and what to note of that; None: nothing."""
    response = search.response_text(row.content, row.reasoning)
    facets = " ".join([("bin" if row.trashed_at else "own"), *facets_of(row)])
    marks = "\n".join(part for part in (row.notes, row.tags) if part)
    answered = was_response is not None and was_response != response
    same = (facets, marks) == (row.was_facets, row.was_marks)
    if same and not answered:
        return None
    before = response if was_response is None else was_response
    was = None if row.was_facets is None else _document(row, before, row.was_facets, row.was_marks)
    noted = None if same else {"seq": row.seq, "facets": facets, "marks": marks}
    return was, _document(row, response, facets, marks), noted


def _as_indexed(row: Row[Any]) -> Document:
    return _document(row, search.response_text(row.content, row.reasoning), row.was_facets, row.was_marks)


def _document(row: Row[Any], response: str, facets: str, marks: str) -> Document:
    space, *words = facets.split()
    return Document(row.owner, row.prompt, response, marks, tuple(words), trashed=space == "bin")


def _batches(seqs: Iterable[int]) -> Iterator[Sequence[int]]:
    left = iter(sorted(set(seqs)))
    while batch := list(islice(left, BATCH)):
        yield batch
