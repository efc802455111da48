"""Queries about reference pictures: whose they are, and which nobody has any use for."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, exists, inspect, select
from sqlalchemy.orm import Session, aliased

from db import upsert
from db.composer_tables import PictureRow
from db.records import KeptFile, Picture
from db.tables import GenerationRow

_COLUMNS = ("owner", "sha256", "source", "width", "height", "size_bytes")


def keep(session: Session, picture: Picture, at: dt.datetime) -> None:
    """Note a picture whose file is there; the same once more changes nothing."""
    values = {name: getattr(picture, name) for name in _COLUMNS}
    statement = upsert.insert(session, PictureRow).values(**values, created_at=at)
    session.execute(statement.on_conflict_do_nothing(index_elements=["owner", "sha256"]))


def get(session: Session, owner: str, sha256: str) -> Picture | None:
    """Return one; None if there is none or it is someone else's."""
    row = session.scalar(select(PictureRow).where(PictureRow.owner == owner, PictureRow.sha256 == sha256))
    return None if row is None else _picture(row)


def is_kept(session: Session, sha256: str) -> bool:
    """Tell whether anybody keeps this picture."""
    return session.scalar(select(PictureRow.seq).where(PictureRow.sha256 == sha256).limit(1)) is not None


def kept_files(session: Session) -> list[KeptFile]:
    """Return the file of every picture of everybody, each once; none where the schema is older than pictures."""
    if not inspect(session.connection()).has_table(PictureRow.__tablename__):
        return []
    found = session.execute(select(PictureRow.sha256, PictureRow.size_bytes).distinct().order_by(PictureRow.sha256))
    return [
        KeptFile(id=row.sha256, media_type="image/jpeg", sha256=row.sha256, size_bytes=row.size_bytes) for row in found
    ]


def unused(session: Session, before: dt.datetime) -> list[Picture]:
    """Return what was kept before a time and that no generation was sent with, nor any other was cut from."""
    cut = aliased(PictureRow)
    statement = select(PictureRow).where(
        PictureRow.created_at < before,
        ~exists().where(GenerationRow.picture == PictureRow.sha256, GenerationRow.picture.is_not(None)),
        ~exists().where(cut.source == PictureRow.sha256, cut.owner == PictureRow.owner),
    )
    return [_picture(row) for row in session.scalars(statement.order_by(PictureRow.seq))]


def forget(session: Session, owner: str, sha256: str) -> bool:
    """Delete a picture's row; True if nobody else has the same one, so that its file may go."""
    session.execute(delete(PictureRow).where(PictureRow.owner == owner, PictureRow.sha256 == sha256))
    return session.scalar(select(PictureRow.seq).where(PictureRow.sha256 == sha256).limit(1)) is None


def _picture(row: PictureRow) -> Picture:
    return Picture(**{name: getattr(row, name) for name in _COLUMNS})
