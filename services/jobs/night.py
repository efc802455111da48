"""Whether a night shift wants looking after: asked at each look of the dispatcher, before it sends anything."""

from __future__ import annotations

from db import generations as rows
from db.database import Database


def look_after_nights(database: Database) -> None:
    """Take the next step of whatever shift is open; where none is, nothing of what that needs is even imported."""
    with database.reading() as session:
        if not rows.night_is_open(session):
            return
    from services.nights.running import take_steps

    take_steps(database)
