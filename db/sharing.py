"""Collections shared on purpose: who shows what, and what others may see of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import count_changed
from db.library_tables import CollectedRow, CollectionRow
from db.people_records import SharedCollection, SharedFilm
from db.people_tables import PersonRow, SharedCollectionRow
from db.states import VideoState
from db.tables import GenerationRow, VideoRow


def share(session: Session, owner: str, collection_id: str, at: dt.datetime) -> bool:
    """Show a collection of one's own to all; False if it is shared already, or is not theirs."""
    seq = session.scalar(_own(owner, collection_id))
    if seq is None:
        return False
    statement = upsert.insert(session, SharedCollectionRow).values(collection_seq=seq, shared_at=at)
    made = statement.on_conflict_do_nothing(index_elements=["collection_seq"]).returning(
        SharedCollectionRow.collection_seq
    )
    return session.scalar(made) is not None


def unshare(session: Session, owner: str, collection_id: str) -> bool:
    """Show it to nobody else any more; False if it was not shared, or is not theirs."""
    mine = SharedCollectionRow.collection_seq == _own(owner, collection_id).scalar_subquery()
    return count_changed(session, delete(SharedCollectionRow).where(mine)) == 1


def is_shared(session: Session, owner: str, collection_id: str) -> bool:
    """Tell whether a collection of one's own is shown to all."""
    own = _own(owner, collection_id).scalar_subquery()
    shared = select(SharedCollectionRow.collection_seq).where(SharedCollectionRow.collection_seq == own)
    return session.scalar(shared) is not None


def collections(session: Session) -> list[SharedCollection]:
    """Return every shared collection whose owner is still let in, by name, with how many films each holds."""
    held = (
        select(func.count())
        .select_from(CollectedRow)
        .join(GenerationRow, GenerationRow.seq == CollectedRow.generation_seq)
        .where(CollectedRow.collection_seq == CollectionRow.seq, GenerationRow.trashed_at.is_(None))
        .correlate(CollectionRow)
        .scalar_subquery()
    )
    columns = (CollectionRow.id, CollectionRow.name, PersonRow.name.label("of"), PersonRow.email, held.label("films"))
    found = session.execute(_shown(*columns).order_by(CollectionRow.folded, CollectionRow.seq))
    return [SharedCollection(id=row.id, name=row.name, of=row.of or row.email, count=row.films) for row in found]


def films(session: Session, collection_id: str, *, before_seq: int | None, limit: int) -> list[SharedFilm]:
    """Return what is in a shared collection, newest first; nothing when it is not shared (any more)."""
    statement = _in_shared(GenerationRow.seq, GenerationRow.id, GenerationRow.prompt, GenerationRow.model)
    statement = statement.add_columns(GenerationRow.created_at).where(CollectionRow.id == collection_id)
    if before_seq is not None:
        statement = statement.where(GenerationRow.seq < before_seq)
    rows = session.execute(statement.order_by(GenerationRow.seq.desc()).limit(limit)).all()
    kept: dict[str, list[str]] = {}
    of_these = VideoRow.generation_id.in_([row.id for row in rows]), VideoRow.state == VideoState.KEPT
    for video in session.execute(select(VideoRow.id, VideoRow.generation_id).where(*of_these).order_by(VideoRow.seq)):
        kept.setdefault(video.generation_id, []).append(video.id)
    return [
        SharedFilm(
            seq=row.seq,
            prompt=row.prompt,
            model=row.model,
            created_at=row.created_at,
            video_ids=tuple(kept.get(row.id, ())),
        )
        for row in rows
    ]


def owner_of_video(session: Session, video_id: str) -> str | None:
    """Return whose video it is, if somebody shows it to all."""
    shown = _in_shared(GenerationRow.owner).join(VideoRow, VideoRow.generation_id == GenerationRow.id)
    owner: str | None = session.scalar(shown.where(VideoRow.id == video_id).limit(1))
    return owner


def _own(owner: str, collection_id: str) -> Select[Any]:
    return select(CollectionRow.seq).where(CollectionRow.owner == owner, CollectionRow.id == collection_id)


def _shown(*columns: Any) -> Select[Any]:
    """Select from shared collections of people who are let in."""
    return (
        select(*columns)
        .select_from(CollectionRow)
        .join(SharedCollectionRow, SharedCollectionRow.collection_seq == CollectionRow.seq)
        .join(PersonRow, PersonRow.space == CollectionRow.owner)
        .where(PersonRow.role != "waiting")
    )


def _in_shared(*columns: Any) -> Select[Any]:
    """Select from generations in shared collections, the trash left out."""
    return (
        _shown(*columns)
        .join(CollectedRow, CollectedRow.collection_seq == CollectionRow.seq)
        .join(GenerationRow, GenerationRow.seq == CollectedRow.generation_seq)
        .where(GenerationRow.trashed_at.is_(None), GenerationRow.owner == CollectionRow.owner)
    )
