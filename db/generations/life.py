"""From the insert to the stream: each step one statement, committed before what it allows."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, bindparam, or_, select, update
from sqlalchemy.orm import Session

from db import search_entries, upsert
from db.base import core_table
from db.conditional import changes, in_time, is_unfinished
from db.generations.ending import ended
from db.generations.lists import get, load
from db.records import Generation
from db.states import IN_FLIGHT, WAITING, State
from db.tables import GenerationRow

_TABLE = core_table(GenerationRow)
_MARK_STREAMING = (
    update(_TABLE)
    .where(
        _TABLE.c.id == bindparam("of_id"),
        _TABLE.c.worker == bindparam("of_worker"),
        _TABLE.c.state == State.SENDING,
    )
    .values(state=State.STREAMING, http_status=bindparam("http_status"), first_byte_at=bindparam("first_byte_at"))
)
_CANCELS = select(_TABLE.c.id).where(  # asked twice a second while anything streams
    is_unfinished(),
    _TABLE.c.state.in_(IN_FLIGHT),
    _TABLE.c.worker == bindparam("of_worker"),
    _TABLE.c.cancel_requested,
)


def insert(  # noqa: PLR0913  # one argument a column
    session: Session,
    *,
    id: str,  # the column's name
    owner: str,
    nonce: str,
    prompt: str,
    model: str,
    endpoint_id: str,
    endpoint_name: str,
    base_url: str,
    created_at: dt.datetime,
    demo: bool = False,
    request: dict[str, Any] | None = None,
    fields: dict[str, Any] | None = None,
    parent_id: str | None = None,
    state: State = State.QUEUED,
    release_at: dt.datetime | None = None,
    send_before: dt.datetime | None = None,
    worker: str | None = None,
    picture: str | None = None,
    asked_seconds: float | None = None,
    estimate_kind: str | None = None,
    estimate_nano: int | None = None,
    estimate_currency: str | None = None,
) -> Generation:
    """Keep a prompt, findable at once; the same owner and nonce again return what they made the first time."""
    values = {name: value for name, value in locals().items() if name != "session"}
    statement = (
        upsert.insert(session, GenerationRow)
        .values(**values, **_nothing_yet())
        .on_conflict_do_nothing(index_elements=["owner", "nonce"])
        .returning(GenerationRow.seq)
    )
    seq = session.scalar(statement)
    if seq is not None:
        search_entries.note_model(session, owner, model)
        search_entries.refresh(session, [seq])
    row = session.scalars(select(GenerationRow).where(GenerationRow.owner == owner, GenerationRow.nonce == nonce)).one()
    return load(session, [row])[0]


def claim(session: Session, id: str, worker: str, at: dt.datetime) -> Generation | None:
    """Move a queued generation to sending; None if someone else did, it was cancelled, or it is another worker's.

    One of a night shift is not sent once its hours are over, however long it stood in line.

    Commit before the first byte leaves: this row is what makes a POST happen at most once.
    """
    mine = or_(GenerationRow.worker.is_(None), GenerationRow.worker == worker)
    claimed = changes(
        session,
        update(GenerationRow)
        .where(GenerationRow.id == id, GenerationRow.state == State.QUEUED, mine, in_time(at))
        .values(state=State.SENDING, worker=worker, sent_at=at),
    )
    return get(session, None, id) if claimed else None


def claimed(session: Session, id: str, worker: str) -> Generation | None:
    """Return what this worker has claimed and not begun to stream; None if it has not."""
    mine = GenerationRow.id == id, GenerationRow.state == State.SENDING, GenerationRow.worker == worker
    found = session.scalar(select(GenerationRow.id).where(*mine))
    return None if found is None else get(session, None, id)


def mark_streaming(session: Session, id: str, worker: str, http_status: int, at: dt.datetime) -> bool:
    """Note that an answer has begun; False if the generation is not this worker's to stream."""
    found = session.execute(
        _MARK_STREAMING, {"of_id": id, "of_worker": worker, "http_status": http_status, "first_byte_at": at}
    )
    return cast("CursorResult[Any]", found).rowcount == 1


def note_request(session: Session, id: str, request: dict[str, Any]) -> bool:
    """Keep the body as it is sent, for the curl export."""
    return changes(session, update(GenerationRow).where(GenerationRow.id == id).values(request=request))


def cancel_waiting(session: Session, owner: str, id: str, at: dt.datetime) -> bool:
    """Cancel what has not been sent; False once it has, or when it is not this owner's."""
    statement = (
        update(GenerationRow)
        .where(*_own(owner, id), GenerationRow.state.in_(WAITING))
        .values(state=State.CANCELLED, ended_at=at)
    )
    return bool(ended(session, statement))


def request_cancel(session: Session, owner: str, id: str) -> bool:
    """Ask the worker that streams it, in whichever process, to stop; False if nothing is in flight."""
    return changes(
        session,
        update(GenerationRow).where(*_own(owner, id), GenerationRow.state.in_(IN_FLIGHT)).values(cancel_requested=True),
    )


def cancel_requests(session: Session, worker: str) -> list[str]:
    """Return the ids this worker has in flight and was asked to stop."""
    return list(session.scalars(_CANCELS, {"of_worker": worker}))


def in_flight(session: Session, worker: str) -> set[int]:
    """Return the seqs a worker has in flight."""
    mine = select(GenerationRow.seq).where(
        is_unfinished(), GenerationRow.state.in_(IN_FLIGHT), GenerationRow.worker == worker
    )
    return set(session.scalars(mine))


def _own(owner: str, id: str) -> tuple[ColumnElement[bool], ...]:
    return GenerationRow.id == id, GenerationRow.owner == owner


def _nothing_yet() -> dict[str, Any]:
    """Return the empty lists of a fresh row: an upsert is Core, and knows no column defaults made per row."""
    return {"progress": [], "links": [], "task_ids": [], "flags": []}
