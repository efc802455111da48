"""Kept files in an object store: S3 and whatever else obstore speaks (Google, Azure). Its only importer.

Nothing is believed: what was sent is read back and its hash compared before anything here may be deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, cast

from services.errors import MediaError
from services.media.part import SUFFIX, lock, room, sync_folder

if TYPE_CHECKING:
    from obstore.store import ObjectStore

BLOCK_BYTES: Final = 256 * 1024
SCHEMES: Final = ("s3", "s3a", "gs", "az", "azure", "abfs", "abfss")
_TYPES: Final = {".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime", ".jpg": "image/jpeg"}
_CLIENT: Final[dict[str, Any]] = {
    "connect_timeout": "10s",
    "timeout": "10m",
    "allow_http": True,
}  # where the address says http
_RETRIES: Final[dict[str, Any]] = {"max_retries": 3}


@dataclass(frozen=True, slots=True)
class Far:
    """One file in an object store."""

    store: FarStore
    name: str
    size_bytes: int

    def __str__(self) -> str:
        return f"{self.store.url.rstrip('/')}/{self.name}"

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield its bytes from `start` up to, without, `end`.

        Raises:
            MediaError: the store does not answer (media_away), or the file is gone.
        """
        return self.store.pieces(self.name, start, self.size_bytes if end is None else end)


class FarStore:
    """A place at an object store. Names are relative to it, such as `ab/abc.mp4`. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._store = _opened(url)

    def find(self, name: str) -> Far | None:
        """Return a file; None if there is none.

        Raises:
            MediaError: the store does not answer (media_away).
        """
        import obstore

        with suppress(FileNotFoundError), _told():
            return Far(self, name, int(obstore.head(self._store, name)["size"]))
        return None

    def pieces(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Yield some bytes of a file."""
        import obstore

        if start >= end:
            return
        try:
            with _told():
                found = obstore.get(self._store, name, options={"range": (start, end)})
                for piece in found.stream(min_chunk_size=BLOCK_BYTES):
                    yield bytes(piece)
        except FileNotFoundError as error:
            raise MediaError("it is not in the object store", code="media_away") from error

    def send(self, path: Path, name: str, sha256: str | None = None) -> str:
        """Copy a file there, in parts when it is large, and read it back; return its hash.

        Raises:
            MediaError: it is not what it was (media_changed), or the store does not keep it as it is (media_away).
            OSError: it cannot be read.
        """
        import obstore

        mine = hash_of_file(path)
        if sha256 is not None and mine != sha256:
            raise MediaError("the file is not what it was", code="media_changed")
        if not self.holds(name, path.stat().st_size, mine):
            kind = _TYPES.get(path.suffix, "application/octet-stream")
            with _told():
                obstore.put(self._store, name, path, attributes={"Content-Type": kind})
            if not self.holds(name, path.stat().st_size, mine):
                raise MediaError("the object store gave back something else", code="media_away")
        return mine

    def holds(self, name: str, size_bytes: int, sha256: str) -> bool:
        """Read a file and tell whether it is there with these bytes.

        Raises:
            MediaError: the store does not answer (media_away).
        """
        found = self.find(name)
        return found is not None and found.size_bytes == size_bytes and hash_of(found.pieces()) == sha256

    def bring(self, name: str, path: Path, sha256: str | None = None) -> bool:
        """Put a copy at `path`, whole or not at all; False if there is none.

        Raises:
            MediaError: the store does not answer (media_away), it is not what it was (media_changed), no room.
        """
        found = self.find(name)
        if found is None:
            return False
        with room():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{token_hex(4)}{SUFFIX}")
            try:
                with part.open("wb") as file:
                    lock(file)  # or a start would sweep it away
                    digest = hashlib.sha256()
                    for piece in found.pieces():
                        file.write(piece)
                        digest.update(piece)
                    if sha256 is not None and digest.hexdigest() != sha256:
                        raise MediaError("the file is not what it was", code="media_changed")
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            sync_folder(path.parent)
        return True

    def forget(self, name: str) -> None:
        """Delete a file; one that is not there is right too.

        Raises:
            MediaError: the store does not answer (media_away).
        """
        import obstore

        with suppress(FileNotFoundError), _told():
            obstore.delete(self._store, name)


@cache
def far_store(url: str) -> FarStore:
    """Return the object store at an address; it is opened once a process.

    Raises:
        ValueError: the address is none that can be used; says why in one sentence.
    """
    return FarStore(url)


def hash_of(pieces: Iterator[bytes]) -> str:
    """Return the SHA-256 of bytes, as hex."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def hash_of_file(path: Path) -> str:
    """Return the SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _opened(url: str) -> ObjectStore:
    scheme = url.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise ValueError("DAILIES_MEDIA_URL looks like s3://bucket/folder, gs://… or az://…")
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError:
        raise ValueError("DAILIES_MEDIA_URL wants the packages of requirements-team.txt") from None
    try:
        more: dict[str, Any] = {"checksum_algorithm": "SHA256"} if scheme.startswith("s3") else {}
        opened: Any = partial(from_url, url, client_options=_CLIENT, retry_config=_RETRIES)
        return cast("ObjectStore", opened(**more))
    except (BaseError, ValueError, TypeError) as error:
        raise ValueError(f"DAILIES_MEDIA_URL cannot be used: {str(error)[:200]}") from None


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the library raises into our one error; a file that is not there stays FileNotFoundError."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise MediaError("the object store does not answer", code="media_away") from error
