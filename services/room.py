"""Room on the disk: what must be free before something paid is sent, and the ballast thrown off when it is full.

SQLite on a full disk cannot even delete (RELIABILITY c). So a file of no use lies beside the database: once it is gone
there is room for the answers that are in flight.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from services.settings import Settings
from services.trouble import store_error

logger = logging.getLogger(__name__)
STEP_BYTES = 1024 * 1024
LOOK_SECONDS = 60.0


def room_bytes(home: Path) -> int:
    """Return how many bytes more can be written: free space, or less where a file may not grow (`ulimit -f`)."""
    free_bytes = shutil.disk_usage(home).free
    if sys.platform == "win32":
        return free_bytes
    import resource

    limit_bytes = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if limit_bytes == resource.RLIM_INFINITY:
        return free_bytes
    largest_bytes = max((_size(home / name) for name in ("dailies.db", "dailies.db-wal")), default=0)
    return min(free_bytes, max(0, limit_bytes - largest_bytes))


def has_room(settings: Settings) -> bool:
    """Tell whether `free_floor_bytes` are free."""
    try:
        return room_bytes(settings.home) >= settings.free_floor_bytes
    except OSError:
        return False


def check_room(settings: Settings) -> None:
    """Refuse to start something paid that could not be kept.

    Raises:
        DiskFullError: less room than `free_floor_bytes`.
    """
    if not has_room(settings):
        wanted = f"at least {settings.free_floor_bytes // 2**20} MB must be free (DAILIES_FREE_FLOOR_BYTES)"
        raise store_error("disk_full", unsent=True, detail=wanted)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


class Ballast:
    """The file that is thrown off when the disk is full."""

    def __init__(self, settings: Settings) -> None:
        self._file = settings.home / "ballast"
        self._size_bytes = settings.ballast_bytes
        self._floor_bytes = settings.free_floor_bytes
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def lay(self) -> None:
        """Put it in place where there is room to spare; quick when it lies there already."""
        with self._lock:
            try:
                if self._size_bytes and _size(self._file) < self._size_bytes and self._fits():
                    self._write()
            except OSError:
                logger.warning("no room for the ballast file")
                self._file.unlink(missing_ok=True)

    def begin(self, may_lay: Callable[[], bool]) -> None:
        """See to it each minute from now on that it lies there, while `may_lay()`."""

        def look_after() -> None:
            while True:
                if may_lay():
                    self.lay()
                if self._stop.wait(LOOK_SECONDS):
                    return

        threading.Thread(target=look_after, name="ballast", daemon=True).start()

    def close(self) -> None:
        """Look after it no more."""
        self._stop.set()

    def drop(self) -> bool:
        """Throw it off; False if it was gone already."""
        with self._lock:
            try:
                self._file.unlink()
            except OSError:
                return False
        logger.warning("the disk is full: the ballast file made room for what is in flight")
        return True

    def _fits(self) -> bool:
        return room_bytes(self._file.parent) >= self._floor_bytes + self._size_bytes

    def _write(self) -> None:
        """Fill it with noise: zeros would take no room on a disk that packs them, nor would a file with holes."""
        noise = os.urandom(STEP_BYTES)
        with self._file.open("wb") as file:
            left = self._size_bytes
            while left > 0:
                left -= file.write(noise[: min(left, STEP_BYTES)])
