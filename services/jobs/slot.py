"""Which executing process we are: a name that is stable per host and unique while we live.

On SQLite the first process on a data folder holds the folder's slot and executes; a second one serves pages and leaves
its work in the database for the first (DESIGN, "Jobs: the engine"). On Postgres there are many slots, one a process,
and the name tells data folders on one host apart: two workers of one name would bury each other's streams. The lock
goes with the process, also at kill -9.
"""

from __future__ import annotations

import platform
import re
import zlib
from pathlib import Path

from filelock import FileLock, Timeout

MOST = 64  # processes that execute on one data folder


class Slot:
    """The right to execute on this data folder; `many` may, each under a name of its own, once it is taken."""

    def __init__(self, home: Path, *, many: bool = False) -> None:
        self._home = home
        self._many = many
        self._lock = self._lock_of(0)
        self.name = self._name_of(0)

    def take(self) -> bool:
        """Take it if it is free, or ours already."""
        if self._lock.is_locked:
            return True
        for number in range(MOST if self._many else 1):
            lock = self._lock_of(number)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                continue
            self._lock, self.name = lock, self._name_of(number)
            return True
        return False

    def leave(self) -> None:
        """Let others have it."""
        self._lock.release()

    def _lock_of(self, number: int) -> FileLock:
        name = "executor.lock" if number == 0 else f"executor-{number}.lock"
        return FileLock(self._home / name, thread_local=False)

    def _name_of(self, number: int) -> str:
        folder = f"-{zlib.crc32(str(self._home.absolute()).encode()):08x}" if self._many else ""
        return f"{_host()}{folder}-{number}"


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", platform.node() or "host")[:60]
