"""The trash: thirty days to think better of it, then files and words go; the figures stay in every total."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from db import trash as queries
from db.database import Database
from db.noting import note
from db.trash import Amount, GoneVideo
from services.clock import utc_now
from services.errors import MediaError, NotFoundError
from services.settings import Settings

__all__ = ["DAYS", "Amount", "Trash", "empty_due"]

DAYS = 30
AT_ONCE = 100
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trash:
    """One person's trash."""

    owner: str
    database: Database
    settings: Settings

    def put(self, generation_ids: Sequence[str]) -> list[str]:
        """Put what has ended into the trash; return the ids that this call put there."""
        with self.database.transaction() as session:
            return _noted(session, "thrown_away", queries.put(session, self.owner, generation_ids, utc_now()))

    def take_back(self, generation_ids: Sequence[str]) -> list[str]:
        """Take generations out of the trash, whole; return the ids that came back."""
        with self.database.transaction() as session:
            return _noted(session, "taken_back", queries.take_back(session, self.owner, generation_ids))

    def amount(self, generation_ids: Sequence[str] | None = None) -> Amount:
        """Return what deleting these for ever, or everything in the trash, would take away."""
        with self.database.reading() as session:
            return queries.amount(session, self.owner, generation_ids)

    def delete_for_ever(self, generation_ids: Sequence[str] | None = None) -> int:
        """Delete these, or everything in the trash, with their files; return how many. A part at a time."""

        def some() -> tuple[int, list[GoneVideo]]:
            with self.database.transaction() as session:
                count, gone = queries.delete_for_ever(session, self.owner, utc_now(), ids=generation_ids, limit=AT_ONCE)
                if count:
                    note(session, "deleted", f"{count} at once", at=utc_now())
                return count, gone

        return _until_done(some, self.settings)


def _noted(session: Any, action: str, ids: list[str]) -> list[str]:
    now = utc_now()
    for id in ids:
        note(session, action, id, at=now)
    return ids


def empty_due(database: Database, settings: Settings) -> int:
    """Delete what has lain in anybody's trash for thirty days; return how many."""
    now = utc_now()

    def some() -> tuple[int, list[GoneVideo]]:
        with database.transaction() as session:
            return queries.delete_due(session, now - dt.timedelta(days=DAYS), now, limit=AT_ONCE)

    return _until_done(some, settings)


def _until_done(some: Callable[[], tuple[int, list[GoneVideo]]], settings: Settings) -> int:
    total = 0
    while True:
        count, gone = some()
        _unlink(
            gone, settings
        )  # after the commit: a file without a row is room lost, a row without a file a broken video
        total += count
        if count < AT_ONCE:
            return total


def _unlink(gone: Iterable[GoneVideo], settings: Settings) -> None:
    from services.media.store import store_of

    store = store_of(settings)
    for video in gone:
        for made in store.pictures_of(video.id):  # here only
            made.unlink(missing_ok=True)
        paths = [store.poster_path(video.id)]
        with suppress(NotFoundError):  # a type that is never kept
            paths.append(store.video_path(video.id, video.media_type or "video/mp4"))
        for path in paths:
            try:
                store.forget(path)
            except MediaError:  # its row is gone: room lost, and said
                logger.warning("%s could not be deleted in the object store", store.name_of(path))
