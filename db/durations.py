"""How long answers took: what an expectation is made of."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.states import State
from db.tables import GenerationRow

LOOKED_AT = 2_000  # of an owner's newest: what is older says little, and a million rows are not read for a guess


def recent(session: Session, owner: str, endpoint_id: str, model: str, *, limit: int = 50) -> list[float]:
    """Return the seconds of an owner's last finished answers from this endpoint and model, newest first."""
    newest = (
        select(GenerationRow.seq)
        .where(GenerationRow.owner == owner)
        .order_by(GenerationRow.seq.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    statement = (
        select(GenerationRow.duration_seconds)
        .where(
            GenerationRow.seq.in_(select(newest.c.seq)),
            GenerationRow.endpoint_id == endpoint_id,
            GenerationRow.model == model,
            GenerationRow.state == State.DONE,
            GenerationRow.duration_seconds.is_not(None),
        )
        .order_by(GenerationRow.seq.desc())
        .limit(limit)
    )
    return [seconds for seconds in session.scalars(statement) if seconds is not None]
