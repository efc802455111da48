"""How long answers took: what an expectation is made of. Bounded look-ups only, whatever the size of the library."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.base import core_table
from db.states import State
from db.tables import GenerationRow

LOOKED_AT = 600  # of an owner's newest: what is older says little, and a million rows are not read for a guess

_ROW = core_table(GenerationRow).c
_NEWEST = (  # outside the trash: ix_generations_live gives them in this order
    select(_ROW.seq)
    .where(_ROW.owner == bindparam("of"), _ROW.trashed_at.is_(None))
    .order_by(_ROW.seq.desc())
    .limit(bindparam("most"))
    .subquery()
)
_TOOK = (
    select(_ROW.endpoint_id, _ROW.model, _ROW.demo, _ROW.asked_seconds, _ROW.duration_seconds)
    .where(
        _ROW.seq.in_(select(_NEWEST.c.seq)),
        _ROW.state == State.DONE,
        _ROW.duration_seconds.is_not(None),
        _ROW.imported_at.is_(None),
    )
    .order_by(_ROW.seq.desc())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one finished answer took, and what was asked. `asked_seconds` of video, None where nothing says it."""

    endpoint_id: str
    model: str
    demo: bool
    asked_seconds: float | None
    seconds: float


def recent(session: Session, owner: str, *, most: int = LOOKED_AT) -> list[Took]:
    """Return what the finished among an owner's newest `most` took, newest first; not what was brought in."""
    return [
        Took(
            endpoint_id=row.endpoint_id,
            model=row.model,
            demo=row.demo,
            asked_seconds=row.asked_seconds,
            seconds=row.duration_seconds,
        )
        for row in session.execute(_TOOK, {"of": owner, "most": most})
    ]
