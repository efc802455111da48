"""Pictures that no generation was sent with and that lie on nobody's desk: after thirty days they go."""

from __future__ import annotations

import datetime as dt
from typing import Final

from db import drafts, pictures
from db.database import Database
from services.clock import utc_now
from services.settings import Settings

DAYS: Final = 30
YOUNG_SECONDS: Final = 86_400.0


def forget_unused(database: Database, settings: Settings) -> int:
    """Delete the rows and files of pictures nobody has any use for; return how many."""
    now = utc_now()
    with database.transaction() as session:
        found = pictures.unused(session, now - dt.timedelta(days=DAYS))
        typed = {owner: drafts.all_of(session, owner) for owner in {one.owner for one in found}}
        gone = [one for one in found if one.sha256 not in typed[one.owner]]
        free = [one.sha256 for one in gone if pictures.forget(session, one.owner, one.sha256)]
    for sha256 in free:  # after the commit: a file without a row is room lost, a row without a file a broken picture
        _unlink(settings, sha256, older_than=now.timestamp() - YOUNG_SECONDS)
    return len(gone)


def _unlink(settings: Settings, sha256: str, older_than: float) -> None:
    from services.media.store import store_of

    store = store_of(settings)
    path = store.picture_path(sha256)
    if not path.is_file() or path.stat().st_mtime < older_than:  # else somebody has just kept the same one again
        store.forget(path)
