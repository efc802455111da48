"""What a restored copy must not do: send what may have been sent since the copy was made."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.conditional import changes, is_unfinished
from db.generations.ending import ended
from db.states import IN_FLIGHT, WAITING, State, VideoState
from db.tables import GenerationRow, VideoRow
from db.videos import refresh_search


def workers_in_flight(session: Session) -> list[str]:
    """Return the workers that had something in flight, or a video half fetched, when the copy was made."""
    sending = select(GenerationRow.worker).where(is_unfinished(), GenerationRow.state.in_(IN_FLIGHT))
    fetching = select(VideoRow.worker).where(VideoRow.state == VideoState.FETCHING)
    return sorted({name for name in (*session.scalars(sending), *session.scalars(fetching)) if name is not None})


def waiting(session: Session) -> list[str]:
    """Return the ids of what waited, held or queued, when the copy was made."""
    return list(session.scalars(select(GenerationRow.id).where(is_unfinished(), GenerationRow.state.in_(WAITING))))


def give_up_waiting(session: Session, at: dt.datetime, code: str, message: str) -> int:
    """End what waited, held or queued, as unknown; return how many.

    It had not been sent when the copy was made, but the copy's original went on and may have sent it. `unknown` is the
    one state that says so, counts as maybe charged, and asks before the words go out again.
    """
    statement = (
        update(GenerationRow)
        .where(is_unfinished(), GenerationRow.state.in_(WAITING))
        .values(
            state=State.UNKNOWN,
            error_code=code,
            error_message=message,
            worker=None,
            enqueued_at=None,
            release_at=None,
            ended_at=at,
        )
    )
    return ended(session, statement)


def lose_file(session: Session, id: str, code: str, message: str) -> bool:
    """Note that a kept video's file is not there, so that fetching it again is offered; False if it was not kept."""
    lost = changes(
        session,
        update(VideoRow)
        .where(VideoRow.id == id, VideoRow.state == VideoState.KEPT)
        .values(state=VideoState.FAILED, error_code=code, error_message=message, poster=False),
    )
    if lost:
        refresh_search(session, id)
    return lost
