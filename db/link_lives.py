"""Queries about how long links live: one row a link, first seen, last seen to work, found gone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import changes
from db.records import LinkLife
from db.tables import LinkLifeRow


def note_working(  # noqa: PLR0913  # one argument a column
    session: Session,
    *,
    video_id: str,
    owner: str,
    host: str,
    first_seen: dt.datetime,
    at: dt.datetime,
    expires_at: dt.datetime | None,
    next_look_at: dt.datetime | None,
) -> None:
    """Note that a link worked; a link that was noted before keeps its first row."""
    session.execute(
        upsert.insert(session, LinkLifeRow)
        .values(
            video_id=video_id,
            owner=owner,
            host=host,
            first_seen=first_seen,
            last_ok=at,
            expires_at=expires_at,
            next_look_at=next_look_at,
        )
        .on_conflict_do_nothing(index_elements=["video_id"])
    )
    note_look(session, video_id, at, next_look_at)


def note_look(session: Session, video_id: str, at: dt.datetime, next_look_at: dt.datetime | None) -> bool:
    """Note that a link still works; False if it was found gone before."""
    return changes(
        session,
        update(LinkLifeRow)
        .where(LinkLifeRow.video_id == video_id, LinkLifeRow.gone_at.is_(None))
        .values(last_ok=at, next_look_at=next_look_at),
    )


def put_off(session: Session, video_id: str, next_look_at: dt.datetime | None) -> bool:
    """Look again at another time, or never; nothing was learnt."""
    return changes(
        session,
        update(LinkLifeRow)
        .where(LinkLifeRow.video_id == video_id, LinkLifeRow.gone_at.is_(None))
        .values(next_look_at=next_look_at),
    )


def note_gone(session: Session, video_id: str, at: dt.datetime) -> bool:
    """Note when a link that had worked was first found gone; False if it never worked, or was found gone before."""
    return changes(
        session,
        update(LinkLifeRow)
        .where(LinkLifeRow.video_id == video_id, LinkLifeRow.gone_at.is_(None))
        .values(gone_at=at, next_look_at=None),
    )


def due(session: Session, now: dt.datetime, limit: int) -> list[LinkLife]:
    """Return the links that shall be looked at by now, the longest due first."""
    statement = (
        select(LinkLifeRow)
        .where(LinkLifeRow.next_look_at <= now)
        .order_by(LinkLifeRow.next_look_at)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [_record(row) for row in session.scalars(statement)]


def watched(session: Session, owner: str, host: str) -> int:
    """Return how many links of a host are to be looked at again."""
    return (
        session.scalar(
            select(func.count())
            .select_from(LinkLifeRow)
            .where(LinkLifeRow.owner == owner, LinkLifeRow.host == host, LinkLifeRow.next_look_at.is_not(None))
        )
        or 0
    )


def of_host(session: Session, owner: str, host: str, limit: int) -> list[LinkLife]:
    """Return the newest links of a host that taught how long they live."""
    statement = (
        select(LinkLifeRow)
        .where(
            LinkLifeRow.owner == owner,
            LinkLifeRow.host == host,
            LinkLifeRow.gone_at.is_not(None) | LinkLifeRow.expires_at.is_not(None),
        )
        .order_by(LinkLifeRow.seq.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [_record(row) for row in session.scalars(statement)]


_PLAIN = tuple(LinkLife.__dataclass_fields__)


def _record(row: LinkLifeRow) -> LinkLife:
    return LinkLife(**{name: getattr(row, name) for name in _PLAIN})
