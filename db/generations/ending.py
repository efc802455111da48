"""The end of a generation: state, text, raw record and search row in one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from db import deltas, raw, search_entries
from db.conditional import changes, is_unfinished
from db.records import Cost, Ending
from db.states import IN_FLIGHT, State
from db.tables import GenerationRow, core_table

LEFT_BEHIND = {State.SENDING: State.UNKNOWN, State.STREAMING: State.INCOMPLETE}


@dataclass(frozen=True, slots=True)
class End:
    """That what `worker` has in flight ends like this; `cost` is frozen with it, None: no rule tells it."""

    id: str
    worker: str
    ending: Ending
    at: dt.datetime
    cost: Cost | None = None


def end(session: Session, id: str, worker: str, ending: Ending, at: dt.datetime, *, cost: Cost | None = None) -> bool:
    """End what this worker has in flight; False if it has ended, or is another's."""
    return end_all(session, [End(id, worker, ending, at, cost)])[0]


def end_all(session: Session, ends: Sequence[End]) -> list[bool]:
    """End what workers have in flight; False for each that has ended, or is another's.

    Deltas go, raw chunks are packed, the answer becomes findable. 100 streams may end in the same moment: nothing here
    but these generations' own rows is read, and all but the conditional update is done for all of them at once.
    """
    seqs = [_end(session, one.id, one.worker, IN_FLIGHT, _values(one)) for one in ends]
    _settle(session, {seq: one.ending.content_type for seq, one in zip(seqs, ends, strict=True) if seq is not None})
    return [seq is not None for seq in seqs]


def abandon(
    session: Session, worker: str, at: dt.datetime, *, reasons: Mapping[State, tuple[str, str]] | None = None
) -> list[str]:
    """End what a dead worker had in flight, its text kept; put back what it had only picked. Nothing is sent again.

    `sending` becomes unknown, `streaming` incomplete. `reasons` maps these two to (error code, message).

    Returns:
        The ids that ended here.
    """
    session.execute(
        update(GenerationRow)
        .where(GenerationRow.state == State.QUEUED, GenerationRow.worker == worker)
        .values(worker=None, enqueued_at=None)
        .execution_options(synchronize_session=False)
    )
    left = session.execute(
        select(GenerationRow.id, GenerationRow.seq, GenerationRow.state)
        .where(is_unfinished(), GenerationRow.state.in_(IN_FLIGHT), GenerationRow.worker == worker)
        .order_by(GenerationRow.seq)
    ).all()
    return [row.id for row in left if _abandon_one(session, worker, row, at, reasons or {})]


def note_reading(session: Session, id: str, reading: Ending) -> bool:
    """Add what the saved text of an abandoned generation was found to say: progress, links, tasks; never its state.

    False unless it is unknown or incomplete.
    """
    read = {"outcome", "progress", "stage", "links", "task_ids", "flags"}
    values = {name: value for name, value in _columns(reading).items() if name in read}
    left = GenerationRow.state.in_(set(LEFT_BEHIND.values()))
    if not changes(session, update(GenerationRow).where(GenerationRow.id == id, left).values(**values)):
        return False
    search_entries.refresh(session, session.scalars(select(GenerationRow.seq).where(GenerationRow.id == id)))
    return True


def ended(session: Session, statement: Update) -> int:
    """Run a conditional UPDATE that ends what was never sent, and tell the search; return how many rows it ended."""
    seqs = session.scalars(statement.returning(GenerationRow.seq).execution_options(synchronize_session=False)).all()
    search_entries.refresh(session, seqs)
    return len(seqs)


def _abandon_one(
    session: Session, worker: str, row: Any, at: dt.datetime, reasons: Mapping[State, tuple[str, str]]
) -> bool:
    was = State(row.state)
    state = LEFT_BEHIND[was]
    code, message = reasons.get(state, ("worker_lost", None))
    content, reasoning = deltas.joined(session, row.seq)
    values = {"state": state, "content": content, "reasoning": reasoning, "error_code": code, "error_message": message}
    seq = _end(session, row.id, worker, {was}, values | {"ended_at": at})
    if seq is not None:
        _settle(session, {seq: ""})
    return seq is not None


def _end(
    session: Session, id: str, worker: str, states: frozenset[State] | set[State], values: dict[str, Any]
) -> int | None:
    """Return the seq of what ended here; None: it has ended before, or is another's."""
    statement = _ending(tuple(values), frozenset(states))
    return session.execute(statement, {**values, "of_id": id, "of_worker": worker}).scalar_one_or_none()


def _settle(session: Session, content_types: Mapping[int, str]) -> None:
    """Pack what was kept while these streamed, and make their answers findable."""
    if content_types:
        raw.pack(session, content_types)
        deltas.delete(session, list(content_types))
        search_entries.refresh(session, content_types, was_response="")


@lru_cache(maxsize=64)
def _ending(columns: tuple[str, ...], states: frozenset[State]) -> ReturningUpdate[Any]:
    """Return the conditional update of these columns, made once: 100 streams may end in the same moment."""
    table = core_table(GenerationRow)
    mine = (table.c.id == bindparam("of_id"), table.c.worker == bindparam("of_worker"), table.c.state.in_(states))
    return update(table).where(*mine).values({name: bindparam(name) for name in columns}).returning(table.c.seq)


def _values(one: End) -> dict[str, Any]:
    priced = {} if one.cost is None else dataclasses.asdict(one.cost)
    return _columns(one.ending) | priced | {"ended_at": one.at}


def _columns(ending: Ending) -> dict[str, Any]:
    """Return the columns an ending sets; a status noted when the stream began is not forgotten."""
    values = {field.name: getattr(ending, field.name) for field in dataclasses.fields(ending)}
    del values["content_type"]
    if values["http_status"] is None:
        del values["http_status"]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
