"""What is brought in: a folder or a zip that a stranger may have made. Looked at whole before anything is read of it.

Nothing is ever unpacked under a name it brings; what leads elsewhere, pretends or grows without measure is refused all
the same, for whoever sends such a thing means something by it.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol

from services.errors import ImportRefusedError

MAX_FILES: Final = 100_000
MAX_NAME: Final = 1_000
MAX_LIST_BYTES: Final = 32 * 1024**2
"""Of the list at a zip's end, which is read whole."""
TEXT_RATIO: Final = 150
FILM_RATIO: Final = 10
"""How many times its packed size a file may be; texts shrink, films hardly do."""
SMALL: Final = 8 * 1024**2
"""Below this, in bytes, no ratio is worth a refusal."""
FILMS: Final = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv"})
_PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HEAD_BYTES: Final = 30  # before each file, at least
_LEFT_SECONDS: Final = 24 * 3600.0
_END, _END_BYTES, _FAR_END = b"PK\x05\x06", 65_557, b"PK\x06\x06"


class Source(Protocol):
    """Files by name, with sizes in bytes; names are relative, with `/` between their parts."""

    @property
    def files(self) -> Mapping[str, int]: ...

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open one of the files."""


@contextmanager
def opened(path: Path, room_bytes: int | None = None) -> Iterator[Source]:
    """Open a folder or a zip; its files may take `room_bytes` in all.

    Raises:
        ImportRefusedError: it cannot be read, or nothing of it should be; the code says why.
    """
    if path.is_dir():
        yield _FolderSource(_checked_folder(path, room_bytes), path)
        return
    try:
        _check_list(path)
        with zipfile.ZipFile(path) as opened_zip:
            yield _ZipSource(_checked_zip(opened_zip, path.stat().st_size, room_bytes), opened_zip)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, UnicodeDecodeError) as error:
        raise ImportRefusedError("not a zip file that can be read", code="import_unreadable") from error
    except OSError as error:
        raise ImportRefusedError("it cannot be read", code="import_unreadable") from error


@dataclass(frozen=True, slots=True)
class _FolderSource:
    files: Mapping[str, int]
    folder: Path

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        no_link = getattr(os, "O_NOFOLLOW", 0)  # it was no link when we looked
        with os.fdopen(os.open(self.folder / name, os.O_RDONLY | no_link), "rb") as file:
            yield file


@dataclass(frozen=True, slots=True)
class _ZipSource:
    files: Mapping[str, int]
    zip: zipfile.ZipFile

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        return self.zip.open(name)


def _checked_folder(folder: Path, room_bytes: int | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for where, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(where) / name
            about = path.lstat()
            if stat.S_ISLNK(about.st_mode):
                raise ImportRefusedError("a link instead of a file", code="import_link")
            if stat.S_ISREG(about.st_mode):
                found[path.relative_to(folder).as_posix()] = about.st_size
        _check_count(len(found))
    _check_room(found, room_bytes)
    return found


def _checked_zip(opened_zip: zipfile.ZipFile, size: int, room_bytes: int | None) -> dict[str, int]:
    entries = [entry for entry in opened_zip.infolist() if not entry.is_dir()]
    _check_count(len(entries))
    found: dict[str, int] = {}
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry)
        if entry.filename.casefold() in seen:
            raise ImportRefusedError("two files of one name", code="import_name")
        seen.add(entry.filename.casefold())
        found[entry.filename] = entry.file_size
    _check_apart(entries, size)
    _check_room(found, room_bytes)
    return found


def _check_apart(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse the same bytes told as many files."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise ImportRefusedError("its files lie in each other", code="import_bomb")
        end = entry.header_offset + _HEAD_BYTES + entry.compress_size
    if end > size:
        raise ImportRefusedError("its files lie in each other", code="import_bomb")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if not is_plain(entry.filename) or entry.orig_filename != entry.filename:
        raise ImportRefusedError("a name that leads elsewhere", code="import_name")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise ImportRefusedError("a link instead of a file", code="import_link")
    if entry.flag_bits & 0x41:
        raise ImportRefusedError("locked with a password", code="import_locked")
    if entry.compress_type not in _PACKED:
        raise ImportRefusedError("packed in a way that is not read", code="import_unreadable")
    most = FILM_RATIO if PurePosixPath(entry.filename).suffix.lower() in FILMS else TEXT_RATIO
    if entry.file_size > SMALL and entry.file_size > most * entry.compress_size:
        raise ImportRefusedError("it grows without measure", code="import_bomb")


def is_plain(name: str) -> bool:
    """Tell whether a name stays below the folder it is in, on any system.

    >>> [is_plain(name) for name in ("videos/a b.mp4", "../a", "/a", "a\\\\b", "c:a", "a//b", "a/./b", "a\\0")]
    [True, False, False, False, False, False, False, False]
    """
    parts = name.split("/")
    return (
        0 < len(name) <= MAX_NAME
        and not any(sign in "\\:" or ord(sign) < 32 for sign in name)
        and all(part not in ("", ".", "..") for part in parts)
    )


def _check_list(path: Path) -> None:
    """Refuse a list that is larger than any honest one, before it is read whole."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END_BYTES - 76))
        end = file.read()
    at = end.rfind(_END)
    if at < 0:
        raise ImportRefusedError("not a zip file", code="import_unreadable")
    sizes = [int.from_bytes(end[at + 12 : at + 16], "little")]
    far = end.rfind(_FAR_END, 0, at)
    if far >= 0:
        sizes.append(int.from_bytes(end[far + 40 : far + 48], "little"))
    if max(one for one in sizes if one != 0xFFFFFFFF or len(sizes) == 1) > MAX_LIST_BYTES:
        raise ImportRefusedError("a list of too many files", code="import_too_many")


def _check_count(count: int) -> None:
    if count > MAX_FILES:
        raise ImportRefusedError(f"more than {MAX_FILES} files", code="import_too_many")


def _check_room(files: Mapping[str, int], room_bytes: int | None) -> None:
    if room_bytes is not None and sum(files.values()) > room_bytes:
        raise ImportRefusedError("no room for what is in it", code="import_no_room")


def put_down(home: Path) -> Path:
    """Return an empty file for what is sent to us; its reader deletes it.

    Raises:
        ImportRefusedError: there is no room for it (import_no_room).
    """
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob("incoming-*.zip"):  # by a server that was killed
        if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
            left.unlink(missing_ok=True)
    try:
        with tempfile.NamedTemporaryFile(dir=home, prefix="incoming-", suffix=".zip", delete=False) as file:
            pass
    except OSError as error:
        raise ImportRefusedError("no room for it", code="import_no_room") from error
    return Path(file.name)


def room_for(home: Path, floor_bytes: int) -> int:
    """Return how many bytes may be brought in: what is free, less what must stay free."""
    home.mkdir(parents=True, exist_ok=True)
    return max(0, shutil.disk_usage(home).free - floor_bytes)
