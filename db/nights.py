"""Queries about night shifts. Every decision is one conditional UPDATE that names the step it was made at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.base import core_table
from db.conditional import changes
from db.night_tables import NightRow, VerdictRow
from db.states import Outcome, State, VideoState
from db.tables import GenerationRow, VideoRow

OPEN, ENDED = "open", "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One night shift. Times are UTC; `most_tokens` None: no cap on tokens; `reason` None while it is open."""

    id: str
    owner: str
    batch_id: str
    state: str
    reason: str | None
    step: int
    prompts: int
    most_sent: int
    most_tokens: int | None
    from_at: dt.datetime
    until_at: dt.datetime
    created_at: dt.datetime
    ended_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One prompt of a night shift: what the next decision and the bill need of it. Unknown tokens are None, never 0.

    `unsaved` is why its video was not saved, where every try has failed.
    """

    id: str
    seq: int
    state: State
    outcome: Outcome | None
    error_code: str | None
    total_tokens: int | None
    sent_at: dt.datetime | None
    charged: bool | None
    demo: bool
    cost_nano: int | None = None
    cost_currency: str | None = None
    unsaved: str | None = None


_COLUMNS = tuple(Night.__dataclass_fields__)
_N = core_table(NightRow).c
_OPEN = select(*(_N[name] for name in _COLUMNS)).where(_N.state == OPEN).order_by(_N.seq)
_OF_ONE = _OPEN.where(_N.owner == bindparam("owner"))
_G = core_table(GenerationRow).c
_PART = tuple(name for name in Part.__dataclass_fields__ if name != "unsaved")


def insert(session: Session, night: Night) -> None:
    """Keep a new night shift."""
    session.execute(core_table(NightRow).insert().values({name: getattr(night, name) for name in _COLUMNS}))


def all_open(session: Session) -> list[Night]:
    """Return every open shift of anybody, the first planned first."""
    return [Night(**row._mapping) for row in session.execute(_OPEN)]


def open_of(session: Session, owner: str) -> list[Night]:
    """Return an owner's open shifts, the first planned first."""
    return [Night(**row._mapping) for row in session.execute(_OF_ONE, {"owner": owner})]


def get(session: Session, owner: str, id: str) -> Night | None:
    """Return a shift; None if there is none or it is someone else's."""
    statement = select(*(_N[name] for name in _COLUMNS)).where(_N.id == id, _N.owner == owner)
    row = session.execute(statement).one_or_none()
    return None if row is None else Night(**row._mapping)


def of_batch(session: Session, owner: str, batch_id: str) -> Night | None:
    """Return the shift that a batch was planned for; None if it was not."""
    id = session.scalar(select(_N.id).where(_N.owner == owner, _N.batch_id == batch_id))
    return None if id is None else get(session, owner, id)


def newest(session: Session, owner: str, limit: int) -> list[Night]:
    """Return an owner's last shifts, newest first."""
    statement = select(*(_N[name] for name in _COLUMNS)).where(_N.owner == owner)
    return [Night(**row._mapping) for row in session.execute(statement.order_by(_N.seq.desc()).limit(limit))]


def decide(session: Session, night: Night) -> bool:
    """Take the next step of an open shift; False if somebody else has decided about it since it was read."""
    return changes(
        session,
        update(NightRow)
        .where(NightRow.id == night.id, NightRow.state == OPEN, NightRow.step == night.step)
        .values(step=NightRow.step + 1),
    )


def end(session: Session, owner: str, id: str, reason: str, at: dt.datetime) -> bool:
    """End an open shift; False if it has ended, or is not theirs."""
    return changes(
        session,
        update(NightRow)
        .where(NightRow.id == id, NightRow.owner == owner, NightRow.state == OPEN)
        .values(state=ENDED, reason=reason, ended_at=at, step=NightRow.step + 1),
    )


def release(session: Session, generation_id: str, at: dt.datetime) -> bool:
    """Queue one prompt of a shift; False if it is held no more, or its hours are over."""
    return changes(
        session,
        update(GenerationRow)
        .where(
            GenerationRow.id == generation_id,
            GenerationRow.state == State.HELD,
            GenerationRow.release_at.is_(None),
            GenerationRow.send_before > at,
        )
        .values(state=State.QUEUED),
    )


def parts(session: Session, owner: str, nonces: Collection[str]) -> list[Part]:
    """Return the prompts with these nonces in their order, as far as they are still there."""
    statement = select(*(_G[name] for name in _PART)).where(_G.owner == owner, _G.nonce.in_(nonces)).order_by(_G.seq)
    found = [_part(row) for row in session.execute(statement)]
    unsaved = _unsaved(session, [one.id for one in found if one.outcome == Outcome.VIDEO])
    return [_with(one, unsaved.get(one.id)) for one in found]


def verdicts(session: Session, owner: str, generation_ids: Collection[str]) -> dict[str, str]:
    """Return what was said of these clips."""
    mine = VerdictRow.owner == owner, VerdictRow.generation_id.in_(generation_ids)
    return {row.generation_id: row.verdict for row in session.scalars(select(VerdictRow).where(*mine))}


def judge(session: Session, owner: str, generation_id: str, verdict: str | None, at: dt.datetime) -> None:
    """Keep what is said of a clip in the place of what was said before; None takes it back."""
    if verdict is None:
        mine = VerdictRow.owner == owner, VerdictRow.generation_id == generation_id
        session.execute(delete(VerdictRow).where(*mine).execution_options(synchronize_session=False))
        return
    said = {"verdict": verdict, "at": at}
    statement = upsert.insert(session, VerdictRow).values(owner=owner, generation_id=generation_id, **said)
    session.execute(statement.on_conflict_do_update(index_elements=["owner", "generation_id"], set_=said))


def _unsaved(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Return why no video of a generation was saved, of those where none was and none will be."""
    rows = session.execute(
        select(VideoRow.generation_id, VideoRow.state, VideoRow.error_code).where(VideoRow.generation_id.in_(ids))
    ).all()
    well = {row.generation_id for row in rows if row.state != VideoState.FAILED}
    return {row.generation_id: row.error_code or "video_failed" for row in rows if row.generation_id not in well}


def _part(row: Any) -> Part:
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return Part(**{**row._mapping, "state": State(row.state), "outcome": outcome})


def _with(part: Part, unsaved: str | None) -> Part:
    return part if unsaved is None else replace(part, unsaved=unsaved)
