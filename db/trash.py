"""The trash: what lies in it is found only there, and comes back whole; what is deleted for ever leaves its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from db import search_entries
from db.library_tables import PastUsageRow
from db.states import ENDED, VideoState
from db.tables import GenerationRow, VideoRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What deleting for ever takes away: generations, kept videos, and their bytes."""

    generations: int
    videos: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneVideo:
    """A video whose row is deleted; its files are to follow."""

    id: str
    media_type: str | None


def put(session: Session, owner: str, ids: Collection[str], at: dt.datetime) -> list[str]:
    """Put what has ended into the trash; return the ids this call put there."""
    return _move(session, owner, ids, trashed_at=at)


def take_back(session: Session, owner: str, ids: Collection[str]) -> list[str]:
    """Take generations out of the trash; return the ids that came back."""
    return _move(session, owner, ids, trashed_at=None)


def amount(session: Session, owner: str, ids: Collection[str] | None = None) -> Amount:
    """Return how much lies in the trash; of these ids alone if given."""
    mine = _lying(owner, ids)
    generations = session.scalar(select(func.count()).select_from(GenerationRow).where(*mine)) or 0
    kept = (
        select(func.count().label("videos"), func.coalesce(func.sum(VideoRow.size_bytes), 0).label("size_bytes"))
        .join(GenerationRow, GenerationRow.id == VideoRow.generation_id)
        .where(*mine, VideoRow.state == VideoState.KEPT)
    )
    row = session.execute(kept).one()
    return Amount(generations=generations, videos=row.videos, size_bytes=int(row.size_bytes))


def delete_for_ever(
    session: Session, owner: str, at: dt.datetime, *, ids: Collection[str] | None = None, limit: int
) -> tuple[int, list[GoneVideo]]:
    """Delete up to `limit` of what lies in an owner's trash; return how many, and the videos whose files must follow.

    Their figures go to the past usage in the same transaction, so that no total changes.
    """
    lying = select(GenerationRow.seq).where(*_lying(owner, ids)).order_by(GenerationRow.seq).limit(limit)
    return _delete(session, list(session.scalars(lying.with_for_update())), at)


def delete_due(
    session: Session, put_before: dt.datetime, at: dt.datetime, *, limit: int
) -> tuple[int, list[GoneVideo]]:
    """Delete up to `limit` of what anybody put into the trash before a time; return as `delete_for_ever`."""
    due = GenerationRow.trashed_at.is_not(None), GenerationRow.trashed_at < put_before
    lying = select(GenerationRow.seq).where(*due).order_by(GenerationRow.seq).limit(limit)
    return _delete(session, list(session.scalars(lying.with_for_update())), at)


def _lying(owner: str, ids: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    mine = (GenerationRow.owner == owner, GenerationRow.trashed_at.is_not(None))
    return mine if ids is None else (*mine, GenerationRow.id.in_(ids))


def _move(session: Session, owner: str, ids: Collection[str], *, trashed_at: dt.datetime | None) -> list[str]:
    elsewhere = GenerationRow.trashed_at.is_not(None) if trashed_at is None else GenerationRow.trashed_at.is_(None)
    moved = session.execute(
        update(GenerationRow)
        .where(GenerationRow.id.in_(ids), GenerationRow.owner == owner, GenerationRow.state.in_(ENDED), elsewhere)
        .values(trashed_at=trashed_at)
        .returning(GenerationRow.id, GenerationRow.seq)
        .execution_options(synchronize_session=False)
    ).all()
    search_entries.refresh(session, [row.seq for row in moved])
    return [row.id for row in moved]


_KEPT = (
    *("owner", "endpoint_id", "endpoint_name", "model", "demo", "state", "outcome", "created_at", "sent_at"),
    *("duration_seconds", "prompt_tokens", "completion_tokens", "total_tokens", "charged", "rating"),
    *("asked_seconds", "estimate_kind", "estimate_nano", "estimate_currency"),
    *("cost_nano", "cost_currency", "cost_rule", "priced_at"),
)


def _delete(session: Session, seqs: Sequence[int], at: dt.datetime) -> tuple[int, list[GoneVideo]]:
    if not seqs:
        return 0, []
    rows = session.scalars(select(GenerationRow).where(GenerationRow.seq.in_(seqs))).all()
    films = session.scalars(select(VideoRow).where(VideoRow.generation_id.in_([row.id for row in rows]))).all()
    seconds: dict[str, float] = {}
    for film in films:
        if film.state == VideoState.KEPT and film.duration_seconds is not None:
            seconds[film.generation_id] = seconds.get(film.generation_id, 0.0) + film.duration_seconds
    session.add_all(
        PastUsageRow(
            **{name: getattr(row, name) for name in _KEPT},
            generation_id=row.id,
            video_seconds=seconds.get(row.id),
            deleted_at=at,
        )
        for row in rows
        if row.imported_at is None  # what was brought in is in no total
    )
    gone = [GoneVideo(id=film.id, media_type=film.media_type) for film in films]
    search_entries.forget(session, seqs)
    session.flush()
    session.execute(
        delete(GenerationRow).where(GenerationRow.seq.in_(seqs)).execution_options(synchronize_session=False)
    )
    return len(rows), gone
