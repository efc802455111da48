"""What people see: one generation, those unfinished, and pages of all. Keyset, never OFFSET."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db import search, videos
from db.conditional import unfinished_of
from db.records import Generation, InLine, Video
from db.states import IN_FLIGHT, UNFINISHED, Outcome, State
from db.tables import GenerationRow

SEARCH_BATCH = 200  # seqs asked of the index at a time while a page is filtered by state


def get(session: Session, owner: str | None, id: str) -> Generation | None:
    """Return one generation with its videos; None if there is none or it is someone else's.

    Only the engine, which acts for nobody in particular, leaves `owner` out.
    """
    statement = select(GenerationRow).where(GenerationRow.id == id)
    if owner is not None:
        statement = statement.where(GenerationRow.owner == owner)
    found = load(session, session.scalars(_fresh(statement)))
    return found[0] if found else None


def states_of(session: Session, ids: Collection[str]) -> dict[str, State]:
    """Return how generations of anybody stand, by id; for the engine, whose viewers have been let in before."""
    found = session.execute(select(GenerationRow.id, GenerationRow.state).where(GenerationRow.id.in_(ids)))
    return {row.id: State(row.state) for row in found}


def unfinished(session: Session, owner: str) -> list[Generation]:
    """Return what is in flight, then what is queued in the order it will be sent, then what is held."""
    statement = select(GenerationRow).where(*unfinished_of(owner), GenerationRow.state.in_(UNFINISHED))
    found = load(session, session.scalars(_fresh(statement)))
    return sorted(found, key=_line_order)


def standing(session: Session, owner: str) -> list[tuple[str, str]]:
    """Return id and state of what is unfinished, in the order of `unfinished`; cheap enough to be asked by a clock."""
    found = session.execute(
        select(GenerationRow.id, GenerationRow.state, GenerationRow.priority, GenerationRow.seq).where(
            *unfinished_of(owner), GenerationRow.state.in_(UNFINISHED)
        )
    )
    return [(row.id, str(row.state)) for row in sorted(found, key=_line_order)]


def in_line(session: Session, owner: str) -> list[InLine]:
    """Return what is in flight and what is queued of an owner, in that order, without its words."""
    statement = select(*(getattr(GenerationRow, name) for name in InLine.__dataclass_fields__)).where(
        *unfinished_of(owner), GenerationRow.state.in_({State.QUEUED, *IN_FLIGHT})
    )
    return [InLine(**row._mapping) for row in sorted(session.execute(statement), key=_line_order)]


def page(
    session: Session,
    owner: str,
    *,
    before_seq: int | None = None,
    limit: int,
    text: str | None = None,
    states: Collection[State] | None = None,
) -> list[Generation]:
    """Return up to `limit` generations of an owner older than `before_seq`, newest first, with their videos.

    What lies in the trash is not among them. `text` is what a person typed into the search box; blank means everything.
    """
    if text is None or not text.strip():
        return _rows(session, owner, before_seq=before_seq, limit=limit, states=states)
    found: list[Generation] = []
    while len(found) < limit:
        batch = limit if states is None else max(limit, SEARCH_BATCH)
        seqs = search.search(session, owner, text, before_seq=before_seq, limit=batch)
        if seqs:
            found += _rows(session, owner, limit=limit - len(found), states=states, among=seqs)
        if len(seqs) < batch:
            break
        before_seq = seqs[-1]
    return found


def of_seqs(session: Session, owner: str, seqs: Sequence[int]) -> list[Generation]:
    """Return an owner's generations of these seqs, in their order, with their videos."""
    statement = select(GenerationRow).where(GenerationRow.owner == owner, GenerationRow.seq.in_(seqs))
    found = {one.seq: one for one in load(session, session.scalars(_fresh(statement)))}
    return [found[seq] for seq in seqs if seq in found]


def of_ids(session: Session, owner: str, ids: Collection[str]) -> list[Generation]:
    """Return those of these generations that are the owner's, with their videos, in no order."""
    statement = select(GenerationRow).where(GenerationRow.owner == owner, GenerationRow.id.in_(ids))
    return load(session, session.scalars(_fresh(statement)))


def load(session: Session, rows: Iterable[GenerationRow]) -> list[Generation]:
    """Copy rows into records, with the videos of all of them fetched at once."""
    rows = list(rows)
    kept = videos.of_many(session, [row.id for row in rows])
    return [_record(row, kept.get(row.id, ())) for row in rows]


def _rows(  # the parts of one WHERE
    session: Session,
    owner: str,
    *,
    limit: int,
    before_seq: int | None = None,
    states: Collection[State] | None = None,
    among: Collection[int] | None = None,
) -> list[Generation]:
    statement = select(GenerationRow).where(GenerationRow.owner == owner, GenerationRow.trashed_at.is_(None))
    if before_seq is not None:
        statement = statement.where(GenerationRow.seq < before_seq)
    if states is not None:
        statement = statement.where(GenerationRow.state.in_(states))
    if among is not None:
        statement = statement.where(GenerationRow.seq.in_(among))
    return load(session, session.scalars(_fresh(statement.order_by(GenerationRow.seq.desc()).limit(limit))))


def _fresh(statement: Select[GenerationRow]) -> Select[GenerationRow]:
    """Never answer from the session's memory: conditional updates go past it."""
    return statement.execution_options(populate_existing=True)


def _line_order(generation: Any) -> tuple[int, int, int]:
    if generation.state in IN_FLIGHT:
        return 0, 0, generation.seq
    return (1 if generation.state == State.QUEUED else 2), -generation.priority, generation.seq


_PLAIN = tuple(
    set(Generation.__dataclass_fields__) - {"state", "outcome", "progress", "links", "task_ids", "flags", "videos"}
)


def _record(row: GenerationRow, kept: Iterable[Video]) -> Generation:
    return Generation(
        **{name: getattr(row, name) for name in _PLAIN},
        state=State(row.state),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        progress=tuple(row.progress),
        links=tuple(row.links),
        task_ids=tuple(row.task_ids),
        flags=tuple(row.flags),
        videos=tuple(kept),
    )
