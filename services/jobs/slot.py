"""Which executing process we are: a name that is stable per host and unique while we live.

The first process on a data folder holds the folder's slot and executes; a second one serves pages and leaves its work
in the database for the first (DESIGN, "Jobs: the engine"). The lock goes with the process, also at kill -9.
"""

from __future__ import annotations

import platform
import re
from pathlib import Path

from filelock import FileLock, Timeout


class Slot:
    """The right to execute on this data folder."""

    def __init__(self, home: Path) -> None:
        self._lock = FileLock(home / "executor.lock", thread_local=False)
        self.name = f"{_host()}-0"

    def take(self) -> bool:
        """Take it if it is free, or ours already."""
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def leave(self) -> None:
        """Let others have it."""
        self._lock.release()


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", platform.node() or "host")[:60]
