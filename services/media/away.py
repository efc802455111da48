"""What still lies in the data folder although there is an object store: sent there once more, or a copy to forget."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Final

from db import pictures, videos
from db.database import Database
from db.states import VideoState
from services.errors import MediaError
from services.media.store import store_of
from services.settings import Settings

YOUNG_SECONDS: Final = 3600.0  # what was just fetched, or just brought here to be looked at, is left alone
logger = logging.getLogger(__name__)


def send_away(database: Database, settings: Settings, *, young_seconds: float = YOUNG_SECONDS) -> int:
    """Send what belongs in the object store, prove it, and delete it here; return how many files."""
    store = store_of(settings)
    before = time.time() - young_seconds
    count = 0
    for path in store.files():
        try:
            if (
                path.stat().st_mtime <= before
                and _is_wanted(database, path)
                and store.send(path, _hash(database, path))
            ):
                path.unlink(missing_ok=True)
                count += 1
        except (MediaError, OSError) as error:  # the next look tries again; `verify` tells what is damaged
            logger.warning("%s stays in the data folder: %s", store.name_of(path), type(error).__name__)
    return count


def _is_wanted(database: Database, path: Path) -> bool:
    with database.reading() as session:
        video = videos.get(session, None, path.stem)
        return pictures.is_kept(session, path.stem) if video is None else video.state is VideoState.KEPT


def _hash(database: Database, path: Path) -> str | None:
    """Return the hash a file must have: a poster's is not kept, a picture is called by its own."""
    with database.reading() as session:
        video = videos.get(session, None, path.stem)
    if video is None:
        return path.stem
    return None if path.suffix == ".jpg" else video.sha256
