"""Queries about videos: pending → fetching → kept or failed, free to repeat."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session

from db import search_entries, upsert
from db.conditional import changes, count_changed
from db.records import KeptFile, Video
from db.states import VideoState
from db.tables import GenerationRow, VideoRow

STOPPED_BY_OWNER = "video_cancelled"


def add(  # noqa: PLR0913  # one argument a column
    session: Session,
    *,
    id: str,
    owner: str,
    generation_id: str,
    source_url: str,
    at: dt.datetime,
    paste_id: str | None = None,
) -> Video:
    """Note a link that shall become a file; the same link of the same generation again returns the first.

    `paste_id`: a person brought it, not the endpoint.
    """
    key = hashlib.sha256(source_url.encode()).hexdigest()
    session.execute(
        upsert.insert(session, VideoRow)
        .values(
            id=id,
            owner=owner,
            generation_id=generation_id,
            source_url=source_url,
            source_key=key,
            state=VideoState.PENDING,
            created_at=at,
            paste_id=paste_id,
        )
        .on_conflict_do_nothing(index_elements=["generation_id", "source_key"])
    )
    row = session.scalars(
        select(VideoRow).where(VideoRow.generation_id == generation_id, VideoRow.source_key == key)
    ).one()
    return _record(row)


def claim(session: Session, id: str, worker: str) -> Video | None:
    """Start fetching, and count the attempt; None if someone else does, the file is kept, or its owner stopped it."""
    failed_by_itself = and_(VideoRow.state == VideoState.FAILED, VideoRow.error_code != STOPPED_BY_OWNER)
    claimed = changes(
        session,
        update(VideoRow)
        .where(VideoRow.id == id, or_(VideoRow.state == VideoState.PENDING, failed_by_itself))
        .values(
            state=VideoState.FETCHING,
            worker=worker,
            attempts=VideoRow.attempts + 1,
            error_code=None,
            error_message=None,
        ),
    )
    return _one(session, VideoRow.id == id) if claimed else None


def kept(  # noqa: PLR0913  # one argument a column
    session: Session,
    id: str,
    *,
    sha256: str,
    media_type: str,
    size_bytes: int,
    duration_seconds: float | None,
    width: int | None,
    height: int | None,
    poster: bool,
    at: dt.datetime,
) -> bool:
    """Note that the file is in the store; False if it was not being fetched."""
    values = {name: value for name, value in locals().items() if name not in {"session", "id", "at"}}
    if not _leave_fetching(session, id, state=VideoState.KEPT, kept_at=at, **values):
        return False
    refresh_search(session, id)
    return True


def failed(session: Session, id: str, code: str, message: str) -> bool:
    """Note why the file could not be had; False if it was not being fetched."""
    return _leave_fetching(session, id, state=VideoState.FAILED, error_code=code, error_message=message)


def retry(session: Session, owner: str, id: str) -> bool:
    """Put an owner's failed video back in line; False if it has not failed."""
    return changes(
        session,
        update(VideoRow)
        .where(VideoRow.id == id, VideoRow.owner == owner, VideoRow.state == VideoState.FAILED)
        .values(state=VideoState.PENDING, error_code=None, error_message=None),
    )


def stop(session: Session, owner: str, id: str) -> bool:
    """Note that an owner wants a video's saving stopped; False if it is not being saved.

    It counts as an attempt, so that saving it again is another one even if this one never began.
    """
    under_way = VideoRow.state.in_({VideoState.PENDING, VideoState.FETCHING})
    never_began = case((VideoRow.state == VideoState.PENDING, 1), else_=0)
    return changes(
        session,
        update(VideoRow)
        .where(VideoRow.id == id, VideoRow.owner == owner, under_way)
        .values(
            state=VideoState.FAILED,
            worker=None,
            attempts=VideoRow.attempts + never_began,
            error_code=STOPPED_BY_OWNER,
            error_message=None,
        ),
    )


def is_stopped(session: Session, id: str) -> bool:
    """Tell whether its owner has stopped its saving."""
    return session.scalar(select(VideoRow.error_code).where(VideoRow.id == id)) == STOPPED_BY_OWNER


def retry_all(session: Session, owner: str, generation_ids: Collection[str]) -> int:
    """Put back in line every failed video of these generations of an owner; return how many."""
    return count_changed(
        session,
        update(VideoRow)
        .where(VideoRow.generation_id.in_(generation_ids), VideoRow.owner == owner, VideoRow.state == VideoState.FAILED)
        .values(state=VideoState.PENDING, error_code=None, error_message=None),
    )


def get(session: Session, owner: str | None, id: str) -> Video | None:
    """Return one video; None if there is none or it is someone else's. Only the engine leaves `owner` out."""
    condition = VideoRow.id == id if owner is None else and_(VideoRow.id == id, VideoRow.owner == owner)
    return _one(session, condition)


def of(session: Session, generation_id: str) -> list[Video]:
    """Return a generation's videos in the order their links came."""
    return list(of_many(session, [generation_id]).get(generation_id, ()))


def of_many(session: Session, generation_ids: Collection[str]) -> dict[str, list[Video]]:
    """Return the videos of several generations by generation id."""
    found: dict[str, list[Video]] = {}
    if not generation_ids:
        return found
    statement = select(VideoRow).where(VideoRow.generation_id.in_(generation_ids)).order_by(VideoRow.seq)
    for row in session.scalars(statement.execution_options(populate_existing=True)):
        found.setdefault(row.generation_id, []).append(_record(row))
    return found


def kept_files(session: Session) -> list[KeptFile]:
    """Return every kept video of everybody, oldest first, by columns that every schema since the first has."""
    columns = (VideoRow.id, VideoRow.media_type, VideoRow.sha256, VideoRow.size_bytes)
    found = session.execute(select(*columns).where(VideoRow.state == VideoState.KEPT).order_by(VideoRow.seq))
    return [KeptFile(**row._mapping) for row in found]


def pending(session: Session, lost_workers: Collection[str] = ()) -> list[str]:
    """Return the ids that wait to be fetched, or whose fetching one of `lost_workers` has left, oldest first."""
    left = and_(VideoRow.state == VideoState.FETCHING, VideoRow.worker.in_(lost_workers))
    statement = select(VideoRow.id).where(or_(VideoRow.state == VideoState.PENDING, left)).order_by(VideoRow.seq)
    return list(session.scalars(statement))


def abandon(session: Session, worker: str) -> list[str]:
    """Put back in line what a dead worker was fetching; return the ids."""
    return list(
        session.scalars(
            update(VideoRow)
            .where(VideoRow.state == VideoState.FETCHING, VideoRow.worker == worker)
            .values(state=VideoState.PENDING, worker=None)
            .returning(VideoRow.id)
            .execution_options(synchronize_session=False)
        )
    )


def never_begun(session: Session, ids: Collection[str]) -> int:
    """Count an attempt for those that still wait: who was given them has stopped, and the next is another attempt."""
    return count_changed(
        session,
        update(VideoRow)
        .where(VideoRow.id.in_(ids), VideoRow.state == VideoState.PENDING)
        .values(attempts=VideoRow.attempts + 1),
    )


def refresh_search(session: Session, id: str) -> None:
    """Let the search know that the state of this video has changed."""
    of_video = select(GenerationRow.seq).join(VideoRow, VideoRow.generation_id == GenerationRow.id)
    search_entries.refresh(session, session.scalars(of_video.where(VideoRow.id == id)).all())


def _leave_fetching(session: Session, id: str, **values: object) -> bool:
    statement = update(VideoRow).where(VideoRow.id == id, VideoRow.state == VideoState.FETCHING)
    return changes(session, statement.values(worker=None, **values))


def _one(session: Session, condition: ColumnElement[bool]) -> Video | None:
    statement = select(VideoRow).where(condition)
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    return None if row is None else _record(row)


_PLAIN = tuple(set(Video.__dataclass_fields__) - {"state"})


def _record(row: VideoRow) -> Video:
    return Video(**{name: getattr(row, name) for name in _PLAIN}, state=VideoState(row.state))
