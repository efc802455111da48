"""Data folders as tests want them: filled, spoilt, and compared whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from secrets import token_hex

from db import videos
from db.database import Database
from services.settings import Settings
from tests.db.rows import add
from tests.media.films import shell

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def rows_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, the search index's own included."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608
            for name in names
        }


def files_of(home: Path) -> dict[str, bytes]:
    """Return every file of the media folder by its name, byte for byte."""
    media = home / "media"
    return {str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()}


def keep_video(database: Database, home: Path, *, payload_bytes: int = 4000, poster: bool = True) -> str:
    """Keep a video of a finished generation, its row and its files as the keeper leaves them; return its id."""
    id = token_hex(12)
    film = shell(1000) + bytes(payload_bytes) + id.encode()
    folder = home / "media" / id[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{id}.mp4").write_bytes(film)
    if poster:
        (folder / f"{id}.jpg").write_bytes(b"\xff\xd8 poster of " + id.encode())
    with database.transaction() as session:
        made = add(session, f"film {id}")
        videos.add(session, id=id, owner="local", generation_id=made.id, source_url=f"https://v.example/{id}", at=NOW)
        videos.claim(session, id, "w")
        videos.kept(
            session,
            id,
            sha256=hashlib.sha256(film).hexdigest(),
            media_type="video/mp4",
            size_bytes=len(film),
            duration_seconds=1.0,
            width=96,
            height=64,
            poster=poster,
            at=NOW,
        )
    return id


def open_home(settings: Settings) -> Database:
    """Open a data folder's database at today's schema."""
    database = Database(settings.store_url)
    database.upgrade()
    return database


def spoil(path: Path, at: int = 1000) -> None:
    """Change some bytes of a file in place; its length stays."""
    with path.open("r+b") as file:
        file.seek(at)
        there = file.read(16)
        file.seek(at)
        file.write(bytes(255 - byte for byte in there))
