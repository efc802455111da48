"""What is told of the queue from outside: numbers only, from partial indexes, cheap enough for every scrape."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.conditional import is_unfinished
from db.states import State, VideoState
from db.tables import GenerationRow, VideoRow, WorkerRow

_TO_FETCH = (VideoState.PENDING, VideoState.FETCHING)


def unfinished_by_state(session: Session) -> dict[str, int]:
    """Return how many generations of anybody stand in each unfinished state."""
    statement = (
        select(GenerationRow.state, func.count().label("found")).where(is_unfinished()).group_by(GenerationRow.state)
    )
    return {row.state: row.found for row in session.execute(statement)}


def oldest_queued_at(session: Session) -> dt.datetime | None:
    """Return when the prompt was made that has been queued for longest; None if none is."""
    statement = select(func.min(GenerationRow.seq)).where(is_unfinished(), GenerationRow.state == State.QUEUED)
    return session.scalar(select(GenerationRow.created_at).where(GenerationRow.seq == statement.scalar_subquery()))


def videos_to_fetch(session: Session) -> dict[str, int]:
    """Return how many videos wait to be fetched, or are being."""
    statement = (
        select(VideoRow.state, func.count().label("found"))
        .where(VideoRow.state.in_(_TO_FETCH))
        .group_by(VideoRow.state)
    )
    return {row.state: row.found for row in session.execute(statement)}


def workers(session: Session) -> int:
    """Return how many processes say that they execute, here and on other machines."""
    return session.scalar(select(func.count()).select_from(WorkerRow)) or 0
