"""What the store raises when it cannot do its work, named here so that services need not know SQLAlchemy."""

from __future__ import annotations

import sqlite3
import time
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError, TimeoutError

__all__ = ["Standing", "StillLockedError", "StoreTrouble", "Trouble", "trouble_of"]

StoreTrouble = SQLAlchemyError
"""Locked, full, read-only, gone or corrupt, or a statement that can never work: everything an engine raises."""

StillLockedError = TimeoutError
"""Our own line before the write lock did not move for as long as SQLite itself would have waited."""

NOTED_SECONDS = 30.0  # a trouble nobody ran into again for so long is taken for over


class Trouble(StrEnum):
    """What is wrong with the store as a whole: the same write may work once that is mended."""

    LOCKED = "locked"
    FULL = "full"
    DISK = "disk"
    READ_ONLY = "read_only"
    DAMAGED = "damaged"
    UNOPENED = "unopened"
    AWAY = "away"


_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Trouble.LOCKED,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNOPENED,
    sqlite3.SQLITE_PERM: Trouble.UNOPENED,
}
_POSTGRES = {
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,
    "55P03": Trouble.LOCKED,
    "XX001": Trouble.DAMAGED,
    "XX002": Trouble.DAMAGED,
}


def trouble_of(error: BaseException) -> Trouble | None:
    """Return what is wrong with the store; None when the store is well and this one statement can never work.

    >>> trouble_of(OperationalError("INSERT", {}, sqlite3.OperationalError("no such table: t")))
    <Trouble.AWAY: 'away'>
    >>> trouble_of(ValueError()) is None
    True
    """
    if isinstance(error, TimeoutError):
        return Trouble.LOCKED
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorcode", None)
    found = _SQLITE.get(code & 0xFF) if code is not None else _POSTGRES.get(getattr(error.orig, "sqlstate", None) or "")
    if found is None and isinstance(error, (OperationalError, InterfaceError)):
        return Trouble.AWAY
    return found


class Standing:
    """How the store stands: what the last write that failed ran into, nothing after one that worked."""

    def __init__(self) -> None:
        self._trouble: Trouble | None = None
        self._at = 0.0
        self.damaged = False

    def note(self, error: BaseException) -> None:
        """Remember what a write ran into; damage stays remembered."""
        trouble = trouble_of(error)
        if trouble is not None:
            self._trouble, self._at = trouble, time.monotonic()
        self.note_damage(error)

    def note_damage(self, error: BaseException) -> None:
        """Remember damage that a read ran into."""
        self.damaged = self.damaged or trouble_of(error) is Trouble.DAMAGED

    def worked(self) -> None:
        """Forget: a write was committed."""
        self._trouble = None

    @property
    def trouble(self) -> Trouble | None:
        """What writes run into at present."""
        fresh = time.monotonic() - self._at < NOTED_SECONDS
        return self._trouble if fresh else None
