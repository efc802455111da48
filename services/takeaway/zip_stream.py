"""A zip that is made while it is sent: whatever its size, memory holds a piece of it and the list of its names."""

from __future__ import annotations

import datetime as dt
import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

CHUNK: Final = 256 * 1024


class _Outlet(io.RawIOBase):
    """Where the zip is written to: it gives out what came and cannot seek."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class ZipStream:
    """Yields the bytes of a zip, file after file; `finish` yields the list at its end."""

    def __init__(self, at: dt.datetime) -> None:
        """Begin; every file is dated `at`."""
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w")
        self._date = max(at, dt.datetime(1980, 1, 1, tzinfo=dt.UTC)).timetuple()[:6]

    def add(self, name: str, pieces: Iterable[bytes], *, size: int, packed: bool) -> Iterator[bytes]:
        """Yield the bytes of one more file. `size` in bytes decides its form; `packed`: films and pictures are not."""
        about = zipfile.ZipInfo(name, self._date)
        about.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        about.external_attr = (stat.S_IFREG | 0o644) << 16
        about.file_size = size
        with self._zip.open(about, "w") as file:
            for piece in pieces:
                file.write(piece)
                if ready := self._outlet.take():
                    yield ready
        yield self._outlet.take()

    def finish(self) -> Iterator[bytes]:
        """Yield the end of the zip."""
        self._zip.close()
        yield self._outlet.take()
