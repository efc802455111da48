"""The same thing done to many generations of an owner: a bounded number in each transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db import search_entries
from db.states import ENDED, VideoState
from db.tables import GenerationRow, VideoRow
from db.trash import Amount


def newest(session: Session, owner: str) -> int:
    """Return the seq of an owner's newest generation; 0 if there is none."""
    return session.scalar(select(func.max(GenerationRow.seq)).where(GenerationRow.owner == owner)) or 0


def seqs_of(session: Session, owner: str, ids: Collection[str]) -> list[int]:
    """Return the seqs of those of these generations that are the owner's, oldest first."""
    mine = select(GenerationRow.seq).where(GenerationRow.owner == owner, GenerationRow.id.in_(ids))
    return list(session.scalars(mine.order_by(GenerationRow.seq)))


def seqs_trashed_at(session: Session, owner: str, at: dt.datetime, *, after: int, limit: int) -> list[int]:
    """Return up to `limit` seqs above `after` of what was put into the trash at exactly this moment: in one go."""
    same = GenerationRow.owner == owner, GenerationRow.trashed_at.is_not(None), GenerationRow.trashed_at == at
    newer = select(GenerationRow.seq).where(*same, GenerationRow.seq > after).order_by(GenerationRow.seq)
    return list(session.scalars(newer.limit(limit)))


def ids_of(session: Session, owner: str, seqs: Collection[int]) -> list[str]:
    """Return the ids of an owner's generations of these seqs."""
    mine = select(GenerationRow.id).where(GenerationRow.owner == owner, GenerationRow.seq.in_(seqs))
    return list(session.scalars(mine.order_by(GenerationRow.seq)))


def set_mark(session: Session, owner: str, ids: Collection[str], name: str, value: Any) -> int:
    """Set `favourite` or `rating` of generations; return for how many it was news."""
    column = getattr(GenerationRow, name)
    changed = session.scalars(
        update(GenerationRow)
        .where(GenerationRow.id.in_(ids), GenerationRow.owner == owner, column.is_distinct_from(value))
        .values({name: value})
        .returning(GenerationRow.seq)
        .execution_options(synchronize_session=False)
    ).all()
    search_entries.refresh(session, changed)
    return len(changed)


def with_failed_videos(session: Session, owner: str, ids: Collection[str]) -> list[str]:
    """Return those of an owner's generations that have a video which could not be saved."""
    failed = VideoRow.owner == owner, VideoRow.generation_id.in_(ids), VideoRow.state == VideoState.FAILED
    return list(session.scalars(select(VideoRow.generation_id).where(*failed).distinct()))


def unended(session: Session, owner: str, ids: Collection[str]) -> int:
    """Return how many of these have not ended."""
    waiting = GenerationRow.owner == owner, GenerationRow.id.in_(ids), GenerationRow.state.not_in(ENDED)
    return session.scalar(select(func.count()).select_from(GenerationRow).where(*waiting)) or 0


def amount(session: Session, owner: str, seqs: Sequence[int]) -> Amount:
    """Return how many generations, kept videos and bytes these are."""
    kept = (
        select(func.count().label("videos"), func.coalesce(func.sum(VideoRow.size_bytes), 0).label("size_bytes"))
        .join(GenerationRow, GenerationRow.id == VideoRow.generation_id)
        .where(GenerationRow.owner == owner, GenerationRow.seq.in_(seqs), VideoRow.state == VideoState.KEPT)
    )
    row = session.execute(kept).one()
    return Amount(generations=len(seqs), videos=row.videos, size_bytes=int(row.size_bytes))
