"""Held and queued: what waits, in which order, and what the engine has been told of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from db.conditional import changes, in_time, is_unfinished, unfinished_of
from db.generations.ending import ended
from db.generations.lists import load
from db.records import Admitted, Generation, Held, Waiting
from db.states import IN_FLIGHT, WAITING, State
from db.tables import GenerationRow, core_table

# What is asked each second, and while a click waits, is made once.
_ROW = core_table(GenerationRow).c
_HELD = (
    select(_ROW.id, _ROW.created_at, _ROW.release_at)
    .where(is_unfinished(), _ROW.state == State.HELD, _ROW.release_at.is_not(None))
    .order_by(_ROW.seq)
)
_PLACED = (
    select(
        *(_ROW.id, _ROW.owner, _ROW.endpoint_id, _ROW.priority, _ROW.seq),
        func.row_number()
        .over(partition_by=(_ROW.owner, _ROW.endpoint_id), order_by=(_ROW.priority.desc(), _ROW.seq))
        .label("place"),
    )
    .where(is_unfinished(), _ROW.state == State.QUEUED, _ROW.worker.is_(None), _ROW.enqueued_at.is_(None))
    .subquery()
)
_WAITING = (
    select(*(_PLACED.c[name] for name in ("id", "owner", "endpoint_id", "priority", "seq")))
    .where(_PLACED.c.place <= bindparam("most"))
    .order_by(_PLACED.c.priority.desc(), _PLACED.c.seq)
)
_ADMITTED = (
    select(_ROW.id, _ROW.owner, _ROW.endpoint_id, _ROW.state)
    .where(is_unfinished(), _ROW.state.in_({State.QUEUED, *IN_FLIGHT}), _ROW.enqueued_at.is_not(None))
    .order_by(_ROW.seq)
)
_BUDGET = text("SELECT 1 FROM budgets WHERE owner = :owner AND ended_at IS NULL LIMIT 1")
_NIGHT = text("SELECT 1 FROM nights WHERE state = 'open' LIMIT 1")

_ALONE = text("SELECT pg_advisory_xact_lock(:key)")
ADMIT_LOCK = 0x0DA1_AD17  # any number that nobody else asks Postgres for


def release(session: Session, id: str, owner: str | None = None) -> bool:
    """Queue a held generation; False if it is held no more (or, with `owner`, not theirs), or a night shift's."""
    statement = update(GenerationRow).where(
        GenerationRow.id == id, GenerationRow.state == State.HELD, GenerationRow.send_before.is_(None)
    )
    if owner is not None:
        statement = statement.where(GenerationRow.owner == owner)
    return changes(session, statement.values(state=State.QUEUED))


def held(session: Session) -> list[Held]:
    """Return what is held, oldest first."""
    return [Held(**row._mapping) for row in session.execute(_HELD)]


def waiting(session: Session, limit: int) -> list[Waiting]:
    """Return what is queued, belongs to no worker and is unknown to the engine, in the order it shall be sent.

    At most `limit` of each person and endpoint: a batch of a thousand must not hide what waits for another endpoint.
    """
    return [Waiting(**row._mapping) for row in session.execute(_WAITING, {"most": limit})]


def admit_alone(session: Session) -> None:
    """Hold, for this transaction, the right to admit; on SQLite whoever writes has it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ALONE, {"key": ADMIT_LOCK})


def admit(session: Session, id: str, at: dt.datetime) -> bool:
    """Note that the engine is being told of a queued generation; False if it was, or need not be."""
    return changes(
        session,
        update(GenerationRow)
        .where(GenerationRow.id == id, GenerationRow.state == State.QUEUED, GenerationRow.enqueued_at.is_(None))
        .values(enqueued_at=at),
    )


def begin(session: Session, ids: Sequence[str], worker: str, at: dt.datetime) -> list[Generation]:
    """Admit and claim at once: queued becomes sending for this worker; return those that this call moved, in order.

    For a worker that sends them itself, without telling the engine. Commit before the first byte leaves. One of a night
    shift whose hours are over is left where it is.
    """
    mine = GenerationRow.id.in_(ids), GenerationRow.state == State.QUEUED, GenerationRow.worker.is_(None), in_time(at)
    begun = session.scalars(
        update(GenerationRow)
        .where(*mine)
        .values(state=State.SENDING, worker=worker, enqueued_at=at, sent_at=at)
        .returning(GenerationRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    rows = session.scalars(select(GenerationRow).where(GenerationRow.id.in_(begun)).order_by(GenerationRow.seq))
    order = {id: place for place, id in enumerate(ids)}
    return sorted(load(session, rows), key=lambda generation: order[generation.id])


def unadmit(session: Session, id: str) -> bool:
    """Take back `admit` for what is still queued."""
    return changes(
        session,
        update(GenerationRow)
        .where(GenerationRow.id == id, GenerationRow.state == State.QUEUED, GenerationRow.enqueued_at.is_not(None))
        .values(enqueued_at=None),
    )


def admitted(session: Session) -> list[Admitted]:
    """Return what the engine was told of and has not ended, oldest first."""
    found = session.execute(_ADMITTED)
    return [Admitted(id=row.id, owner=row.owner, endpoint_id=row.endpoint_id, state=State(row.state)) for row in found]


def to_front(session: Session, owner: str, id: str) -> bool:
    """Put a waiting generation before all that wait; False if it waits no more, or is not theirs."""
    highest = (
        select(func.coalesce(func.max(GenerationRow.priority), 0))
        .where(is_unfinished(), GenerationRow.state.in_(WAITING))
        .correlate(None)
        .scalar_subquery()
    )
    return changes(
        session,
        update(GenerationRow)
        .where(GenerationRow.id == id, GenerationRow.owner == owner, GenerationRow.state.in_(WAITING))
        .values(priority=highest + 1),
    )


def cancel_all_waiting(session: Session, owner: str, at: dt.datetime) -> int:
    """Cancel everything of an owner that has not been sent; return how many."""
    statement = (
        update(GenerationRow)
        .where(*unfinished_of(owner), GenerationRow.state.in_(WAITING))
        .values(state=State.CANCELLED, ended_at=at)
    )
    return ended(session, statement)


def night_is_open(session: Session) -> bool:
    """Tell whether any night shift is planned or under way; `db.nights` need not be read for that."""
    return session.execute(_NIGHT).first() is not None


def has_budget(session: Session, owner: str) -> bool:
    """Tell whether any budget holds for an owner; `db.budgets` need not be read where none does."""
    return session.execute(_BUDGET, {"owner": owner}).first() is not None
