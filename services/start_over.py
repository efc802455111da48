"""What can be done when the database cannot be used: put the newest backup in its place, or begin an empty one.

Either way the file that is there is moved aside, never deleted.
"""

from __future__ import annotations

from pathlib import Path

from db.database import Database
from services.backup import restore, store
from services.backup.store import Backup
from services.clock import utc_now
from services.media.part import sync_folder
from services.settings import Settings
from services.trouble import told

__all__ = ["Backup", "begin_empty", "can_begin_empty", "newest_backup", "use_backup"]

BROKEN = frozenset({"store_damaged", "store_lost"})
NEWER = "schema_newer"
"""The backup that was made before a newer Dailies took the database over: whoever went back to this one wants it."""


def newest_backup(settings: Settings, code: str) -> Backup | None:
    """Return the newest backup, if a backup mends the trouble of this code; None if there is none."""
    return store.newest(settings) if code in {*BROKEN, NEWER} else None


def can_begin_empty(code: str) -> bool:
    """Tell whether an empty database is a way out: not while the one that is there may be whole."""
    return code in BROKEN


def use_backup(settings: Settings, backup: Backup) -> Path | None:
    """Put a backup in the place of the database; return where the former one lies now, None if there was none.

    Raises:
        BackupError: it could not be done; the former database is where it was.
    """
    done = restore.restore(settings, backup)
    return done.old_database


def begin_empty(settings: Settings) -> Path:
    """Move the database aside and make an empty one in its place; return where the former lies now.

    The new one is made here and not by the next start, which takes an empty place beside a backup for a loss.

    Raises:
        HomeInUseError: a Dailies runs on this data folder; nothing was touched.
        StoreError: the new one cannot be made.
    """
    with restore.alone_at_home(settings) as file:
        aside = file.with_name(f"{file.name}.broken-{utc_now():%Y%m%dT%H%M%SZ}")
        for side in ("", "-wal", "-shm"):  # the WAL after its database: without it, that would open and lack the newest
            part = file.with_name(file.name + side)
            if part.exists():
                part.rename(aside.with_name(aside.name + side))
        file.with_name(f"{file.name}.made").unlink(missing_ok=True)
        sync_folder(file.parent)
        with told():
            database = Database(settings.store_url)
            database.upgrade()
            database.close()
    return aside
