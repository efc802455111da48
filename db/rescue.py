"""Queries of the rescue desk: which generations are unhappy, and what a person says about them.

Unhappy is what ended without a video that is kept: the state says so, or the answer held none, or saving it failed.
It is happy again once a video is kept, or a person is done with it. What lies in the trash is no trouble.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, CompoundSelect, Select, exists, func, select, text, true, union, update
from sqlalchemy.orm import Session

from db.conditional import changes, count_changed
from db.generations.lists import load
from db.records import Generation
from db.states import ENDED, VideoState
from db.tables import UNHAPPY, GenerationRow, VideoRow


def page(session: Session, owner: str, *, before_seq: int | None = None, limit: int) -> list[Generation]:
    """Return up to `limit` unhappy generations older than `before_seq`, newest first, with their videos."""
    older = () if before_seq is None else (GenerationRow.seq < before_seq,)
    statement = select(GenerationRow).where(GenerationRow.seq.in_(_unhappy(owner, *older, newest=limit)))
    statement = statement.order_by(GenerationRow.seq.desc()).limit(limit)
    return load(session, session.scalars(statement.execution_options(populate_existing=True)))


def count(session: Session, owner: str, *, at_most: int) -> int:
    """Return how many generations are unhappy; `at_most` when there are more."""
    first = _unhappy(owner, newest=at_most).subquery()
    return min(at_most, session.scalar(select(func.count()).select_from(first)) or 0)


def is_unhappy(session: Session, owner: str, id: str) -> bool:
    """Tell whether this generation of the owner is unhappy."""
    return session.scalars(_unhappy(owner, GenerationRow.id == id, newest=1)).first() is not None


def set_charged(session: Session, owner: str, id: str, charged: bool | None, at: dt.datetime) -> bool:
    """Note what the bill says; None takes it back. False if it says so already, has not ended, or is not theirs."""
    return changes(
        session,
        update(GenerationRow)
        .where(
            GenerationRow.id == id,
            GenerationRow.owner == owner,
            GenerationRow.state.in_(ENDED),
            GenerationRow.charged.is_distinct_from(charged),
        )
        .values(charged=charged, charged_at=None if charged is None else at),
    )


def dismiss(session: Session, owner: str, ids: Collection[str], at: dt.datetime) -> int:
    """Note that a person is done with these; return how many it was news for. What has not ended stays as it is."""
    return count_changed(
        session,
        update(GenerationRow)
        .where(
            GenerationRow.id.in_(ids),
            GenerationRow.owner == owner,
            GenerationRow.state.in_(ENDED),
            GenerationRow.dismissed_at.is_(None),
        )
        .values(dismissed_at=at),
    )


def bring_back(session: Session, owner: str, ids: Collection[str]) -> int:
    """Take `dismiss` back; return how many came back."""
    return count_changed(
        session,
        update(GenerationRow)
        .where(GenerationRow.id.in_(ids), GenerationRow.owner == owner, GenerationRow.dismissed_at.is_not(None))
        .values(dismissed_at=None),
    )


def _not_trashed() -> ColumnElement[bool]:
    """Return the condition in words that no index has: in its own SQLite would walk all that is not in the trash."""
    return func.coalesce(GenerationRow.trashed_at.is_(None), true())


def _unhappy(owner: str, *more: ColumnElement[bool], newest: int) -> CompoundSelect[int]:
    """Select the `newest` of the one kind, which its index has in order, and all of the other, which are few."""
    first = _without_video(owner).where(*more).order_by(GenerationRow.seq.desc()).limit(newest).subquery()
    return union(select(first.c.seq), _with_failed_video(owner).where(*more))


def _without_video(owner: str) -> Select[int]:
    """Select what its own row calls unhappy, unless a video of it is kept or on its way."""
    other = exists().where(VideoRow.generation_id == GenerationRow.id, VideoRow.state != VideoState.FAILED)
    # The partial index's own words: SQLite uses it only for a query that repeats them.
    return select(GenerationRow.seq).where(GenerationRow.owner == owner, text(UNHAPPY), _not_trashed(), ~other)


def _with_failed_video(owner: str) -> Select[int]:
    """Select what ended and lost a video, unless a person has brought one since."""
    failed = select(VideoRow.generation_id).where(VideoRow.owner == owner, text("videos.state = 'failed'"))
    # Hidden from SQLite's planner: by the indexes on these columns it would read every kept video, or every generation.
    kept, whose = func.coalesce(VideoRow.state, ""), func.coalesce(GenerationRow.owner, "")
    brought = exists().where(
        VideoRow.generation_id == GenerationRow.id, VideoRow.paste_id.is_not(None), kept == VideoState.KEPT
    )
    return select(GenerationRow.seq).where(
        GenerationRow.id.in_(failed),
        whose == owner,
        GenerationRow.dismissed_at.is_(None),
        GenerationRow.trashed_at.is_(None),
        GenerationRow.state.in_(ENDED),
        ~brought,
    )
