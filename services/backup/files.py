"""Reading, copying and hashing files for backups: in blocks, with rests between them, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from services.errors import BackupError

BLOCK_BYTES = 1024**2
FLUSH_BLOCKS = 4
DRAFT = ".draft"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Pace:
    """Rests between blocks so that work takes only a `share` (0 to 1) of the time, and ends it when `stop` is set."""

    def __init__(
        self,
        share: float = 1.0,
        *,
        stop: threading.Event | None = None,
        tell: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._rests = 1.0 / share - 1.0
        self._stop = stop or threading.Event()
        self._tell = tell
        self._since = time.monotonic()
        self.stage = "database"
        self.done = 0
        self.total = 0

    def begin(self, stage: str, total: int) -> None:
        """Start counting another stage of the work; `total` in bytes."""
        self.stage, self.done, self.total = stage, 0, total
        self.rest()

    def took(self, size_bytes: int) -> None:
        """Count bytes that are done, and rest."""
        self.done += size_bytes
        self.rest()

    def at(self, done: int, total: int) -> None:
        """Say how many bytes are done, and rest."""
        self.done, self.total = done, total
        self.rest()

    def go_on(self) -> None:
        """Return at once, unless there is a reason to stop.

        Raises:
            BackupError: `stop` is set (backup_stopped).
        """
        if self._stop.is_set():
            raise BackupError("stopped", code="backup_stopped")
        self._since = time.monotonic()  # somebody else worked, or nobody

    def rest(self) -> None:
        """Rest in proportion to the time worked.

        Raises:
            BackupError: `stop` is set (backup_stopped).
        """
        if self._tell is not None:
            self._tell(self.stage, self.done, self.total)
        worked = time.monotonic() - self._since
        if self._rests:
            self._stop.wait(worked * self._rests)
        self.go_on()


def sha256_of(path: Path, pace: Pace) -> str:
    """Return the hex digest of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            pace.took(len(block))
    return digest.hexdigest()


def copy(source: Path, target: Path, pace: Pace, *, sha256: str | None = None) -> str:
    """Copy a file beside its final name, flush it, and rename it into place; return the hex digest of its bytes.

    Raises:
        BackupError: its bytes are not those of `sha256` (backup_damaged); the target is as it was.
        OSError: as the system says it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{token_hex(4)}{DRAFT}")
    try:
        found = _copy_blocks(source, draft, pace)
        if sha256 is not None and found != sha256:
            raise BackupError(f"{source.name} is not what it was", code="backup_damaged")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return found


def _copy_blocks(source: Path, draft: Path, pace: Pace) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as read, draft.open("xb") as written:
        blocks = 0
        while block := read.read(BLOCK_BYTES):
            written.write(block)
            digest.update(block)
            blocks += 1
            if blocks % FLUSH_BLOCKS == 0:  # by and by: one great flush would hold up the database's small ones
                written.flush()
                os.fsync(written.fileno())
            pace.took(len(block))
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()


@contextmanager
def troubles() -> Iterator[None]:
    """Translate what the system says about the folder or the disk.

    Raises:
        BackupError: the disk is full (backup_no_room), or the folder cannot be used (backup_folder).
    """
    try:
        yield
    except OSError as error:
        code = "backup_no_room" if error.errno in _NO_ROOM else "backup_folder"
        what = "there is no room left" if code == "backup_no_room" else "a folder or file cannot be used"
        place = f"{error.filename}: " if error.filename else ""
        raise BackupError(f"{what} ({place}{error.strerror or error})", code=code) from error
