"""Videos and posters by their hash, shared by all backups of a folder: `media/<two signs>/<sha256>`.

A file that many backups hold lies here once, so the next backup costs only what is new.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from services.backup.files import DRAFT, Pace, copy

RESERVE_BYTES = 1024**3


class Pool:
    """The shared files of one backup folder."""

    def __init__(self, folder: Path, *, floor_bytes: int = 0) -> None:
        self._folder = folder / "media"
        self._floor_bytes = floor_bytes

    def path(self, sha256: str) -> Path:
        """Return where a file of this hash lies, whether it is there or not."""
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str, size_bytes: int) -> bool:
        """Tell whether it is there, by its length; `verify` reads its bytes."""
        try:
            return self.path(sha256).stat().st_size == size_bytes
        except OSError:
            return False

    def add(self, source: Path, sha256: str, pace: Pace) -> None:
        """Take a file in.

        A copy of its own outlives damage to the original. Where a copy would fill the disk, a second name for the
        same bytes (hard link) costs nothing and still outlives their deletion.

        Raises:
            BackupError: the bytes are not those of the hash (backup_damaged).
            OSError: it can be neither copied nor linked.
        """
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if self._has_room_for(source.stat().st_size) or not _linked(source, target):
            copy(source, target, pace, sha256=sha256)

    def sweep(self, wanted: Collection[str]) -> int:
        """Delete what no backup wants, and half-made copies; return how many files. Only while nothing is added."""
        unwanted = [path for path in self.files() if path.name not in wanted]
        for path in unwanted:
            path.unlink(missing_ok=True)
        return len(unwanted)

    def files(self) -> Iterator[Path]:
        """Return every file, half-made copies too."""
        return (path for path in self._folder.glob("??/*") if path.is_file())

    def _has_room_for(self, size_bytes: int) -> bool:
        return shutil.disk_usage(self._folder).free - size_bytes > self._floor_bytes + RESERVE_BYTES


def is_draft(path: Path) -> bool:
    """Tell whether a file is a copy that was never finished."""
    return path.name.endswith(DRAFT)


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except FileExistsError:
        return True
    except OSError:  # another disk, or a file system without hard links
        return False
    return True
