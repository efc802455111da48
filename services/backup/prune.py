"""Which backups may go: the newest of each of 7 days, then of each of 4 other weeks, stay; so do some others."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from services.backup import manifest as manifests
from services.backup.pool import Pool
from services.backup.store import MAKING, Backup, all_in, places
from services.errors import BackupError

DAYS = 7
WEEKS = 4
MIGRATIONS = 3


def prune(folder: Path) -> list[Backup]:
    """Delete the backups that may go, and the media that no other wants; return them. Only while holding the folder.

    What cannot be read is left alone: a newer Dailies may have made it. Then no media go either, for it may want them.
    """
    gone = expired(all_in(folder))
    for backup in gone:
        draft = folder / f"{MAKING}{backup.name}"  # first it stops being a backup, then it is deleted
        backup.folder.rename(draft)
        shutil.rmtree(draft, ignore_errors=True)
    wanted = _wanted(folder)
    if wanted is not None:
        Pool(folder).sweep(wanted)
    return gone


def expired(backups: Iterable[Backup]) -> list[Backup]:
    """Return those that may go, newest first.

    The days and weeks are those that have a backup, not those of the calendar: who starts Dailies once a month keeps
    eleven backups all the same. The newest before each of the last 3 migrations stay too, besides these.
    """
    newest_first = sorted(backups, key=lambda one: (one.made_at, one.name), reverse=True)
    ordinary = [one for one in newest_first if one.kind != "migration"]
    migrations = [one for one in newest_first if one.kind == "migration"]
    days = _newest_of_each(ordinary, lambda one: one.made_at.date(), DAYS)
    told = {_week(one) for one in days}  # or the last of these weeks would lose its Sunday to a Monday
    weeks = _newest_of_each([one for one in ordinary if _week(one) not in told], _week, WEEKS)
    before = _newest_of_each(migrations, lambda one: one.schema_revision, MIGRATIONS)
    kept = {one.name for one in (*days, *weeks, *before)}
    return [one for one in newest_first if one.name not in kept]


def _newest_of_each(newest_first: list[Backup], group: Callable[[Backup], object], count: int) -> list[Backup]:
    first: dict[object, Backup] = {}
    for backup in newest_first:
        first.setdefault(group(backup), backup)
    return list(first.values())[:count]


def _week(backup: Backup) -> tuple[int, int]:
    year, week, _ = backup.made_at.isocalendar()
    return year, week


def _wanted(folder: Path) -> set[str] | None:
    """Return the hashes that the backups of a folder want; None if one of them does not say."""
    try:
        return {one.sha256 for place in places(folder) for one in manifests.read(place).media}
    except BackupError:
        return None
