"""The file a download grows in: beside its final place, locked while it grows, whole only after a rename."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from services.errors import MediaError, NoRoomError

try:
    import fcntl
except ImportError:  # Windows: the claim in the database is the only guard there
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".part"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BLOCK = 1024 * 1024


@contextlib.contextmanager
def room() -> Iterator[None]:
    """Translate a full disk.

    Raises:
        NoRoomError: no space, quota used up, or file size limit reached.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NoRoomError("the disk is full") from error
        raise


def lock(file: BinaryIO) -> bool:
    """Take a part file's lock without waiting; it goes with the process, kill -9 included."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_at(file: BinaryIO, path: Path) -> bool:
    """Tell whether an open file still is the one at `path`: whoever had it may have renamed or deleted it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep a half-done file locked for another process of ours to fill; no sweep takes it, nothing stays of it.

    Raises:
        MediaError: someone else fills it, code `video_busy`.
    """
    file = _held(path)
    try:
        yield
    finally:
        if fcntl is not None:  # while the lock is ours
            path.unlink(missing_ok=True)
        file.close()
        if fcntl is None:
            path.unlink(missing_ok=True)


def _held(path: Path) -> BinaryIO:
    while True:
        with room():
            file = path.open("a+b")
        if not lock(file):
            file.close()
            raise MediaError("its picture is being made already", code="video_busy")
        if is_at(file, path):
            return file
        file.close()  # a sweep took it between our open and our lock


class PartFile:
    """`name.part` in a folder, and beside it `name.part.json`: what the host needs to go on where it stopped."""

    def __init__(self, folder: Path, name: str, url: str) -> None:
        self._folder, self._name, self._url = folder, name, url
        self.path = folder / f"{name}{SUFFIX}"
        self._note = folder / f"{name}{SUFFIX}.json"
        self._digest = hashlib.sha256()
        self._keep = False
        self._finished = False
        self.size_bytes = 0

    def __enter__(self) -> PartFile:
        with room():
            self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            with room():
                self._file = self.path.open("a+b")
            if not lock(self._file):
                self._file.close()
                raise MediaError("this video is being fetched already", code="video_busy")
            if is_at(self._file, self.path):
                return self
            self._file.close()  # between our open and our lock it was finished or thrown away: begin a new one

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stays = self._finished or (self._keep and isinstance(error, MediaError) and error.retry)
        if not stays and fcntl is not None:  # while the lock is ours: once it is free the name may be another's
            self._drop()
        with contextlib.suppress(OSError):  # closing flushes, and the disk may be full
            self._file.close()
        if not stays and fcntl is None:  # Windows deletes no open file
            self._drop()

    def _drop(self) -> None:
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def validator(self) -> str | None:
        """Return what `If-Range` wants if an earlier try left bytes of this very link, else None."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if note.get("url") != self._url or self.stored() == 0:
            return None
        self._keep = True
        return str(note["validator"])

    def start(self, validator: str | None) -> None:
        """Begin from nothing; with a validator the bytes outlive a break for the next try."""
        with room():
            self._file.truncate(0)
            self._digest, self.size_bytes = hashlib.sha256(), 0
            self._keep = validator is not None
            if validator is None:
                self._note.unlink(missing_ok=True)
            else:
                self._note.write_text(json.dumps({"url": self._url, "validator": validator}), "utf-8")

    def resume(self) -> int:
        """Count and hash what is there already; return its size in bytes."""
        self._digest, self.size_bytes, self._keep = hashlib.sha256(), 0, True
        self._file.seek(0)
        while block := self._file.read(_BLOCK):
            self._digest.update(block)
            self.size_bytes += len(block)
        return self.size_bytes

    def stored(self) -> int:
        """Return how many bytes an earlier try left."""
        return os.fstat(self._file.fileno()).st_size

    def head(self, count: int) -> bytes:
        """Return the first bytes."""
        with room():
            self._file.flush()
        with self.path.open("rb") as file:
            return file.read(count)

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end.

        Raises:
            NoRoomError: the disk is full.
        """
        with room():
            self._file.write(chunk)
        self._digest.update(chunk)
        self.size_bytes += len(chunk)

    def flush(self) -> None:
        """Push everything to the disk itself.

        Raises:
            NoRoomError: the disk is full.
        """
        with room():
            self._file.flush()
            os.fsync(self._file.fileno())

    def finish(self, extension: str) -> Path:
        """Rename the flushed part to its final name, durably, and return that path."""
        final = self._folder / f"{self._name}.{extension}"
        with room():
            self._note.unlink(missing_ok=True)
            if fcntl is None:  # Windows renames no open file
                self._file.close()
            self.path.replace(final)
            self._finished = True
            sync_folder(self._folder)
        return final

    @property
    def sha256(self) -> str:
        """Hex digest of all bytes so far."""
        return self._digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable, where the system has a way to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
