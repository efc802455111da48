"""Who uses a data folder: every process holds its lock together with the others; a restore wants it alone.

The executor's slot tells only who executes; servers that serve pages and `submit` write to the database too.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import BinaryIO

from services.errors import HomeInUseError, StoreError

try:
    import fcntl
except ImportError:  # Windows has no shared locks of this kind: the executor's slot is the only guard there
    fcntl = None  # type: ignore[assignment]

WAIT_SECONDS = 5.0
NAME = "in-use.lock"


class Presence:
    """This process's part in a data folder; the system gives it back when the process ends, however it ends."""

    def __init__(self, home: Path, *, alone: bool = False) -> None:
        """Come in; `alone` only if nobody else is there.

        Raises:
            HomeInUseError: somebody else is there, and `alone` was asked for.
            StoreError: a backup is being put back right now (home_restoring).
        """
        self._file = _opened(home / NAME)
        if alone:
            if not self._locked(alone=True):
                self._file.close()
                raise HomeInUseError("Dailies is running on this data folder: stop it first")
            return
        deadline = time.monotonic() + WAIT_SECONDS
        while not self._locked(alone=False):
            if time.monotonic() > deadline:
                self._file.close()
                raise StoreError("a backup is being put back", code="home_restoring")
            time.sleep(0.05)

    def leave(self) -> None:
        """Go; going twice does nothing."""
        self._file.close()

    def _locked(self, *, alone: bool) -> bool:
        if fcntl is None:
            return True
        try:
            fcntl.flock(self._file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _opened(path: Path) -> BinaryIO:
    """Open the lock's file; a lock needs no right to write, so a folder that may only be read will do."""
    try:
        return path.open("a+b")
    except PermissionError:
        return path.open("rb")
