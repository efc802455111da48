"""Take away: a zip of chosen generations, made while it is sent.

Videos with a JSON and a text beside each, posters, reference pictures, one CSV, one JSONL (the exact one), and a page
to look at it all. Nothing of it is held in memory: lines wait on disk until the videos are through. What is stored
never changes.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

from db import generations as rows
from db import takeaway as queries
from db.database import Database
from db.states import VideoState
from services.clock import utc_now
from services.csv_cells import csv_pieces
from services.errors import MediaError, NotFoundError
from services.file_names import file_name
from services.library.selection import Selection, Selections
from services.media.container import EXTENSIONS
from services.media.store import Store, store_of
from services.settings import Settings
from services.takeaway import mp4_words, sheet, viewer
from services.takeaway.record import Files, Taken, as_record, as_text, words_of
from services.takeaway.zip_stream import CHUNK, ZipStream

if TYPE_CHECKING:
    from db.records import Generation, Video
    from services.endpoint.redact import Redactor

AT_ONCE: Final = 20
"""Generations read at a time: an answer may be long."""
RECORDS: Final = "generations.jsonl"
TABLE: Final = "generations.csv"
PAGE: Final = "index.html"
FILMS: Final = "videos"
PICTURES: Final = "pictures"
_IN_MEMORY: Final = 1024**2


@dataclass(frozen=True, slots=True)
class Export:
    """One person's way to take things away."""

    owner: str
    database: Database
    settings: Settings
    selections: Selections
    redactor: Callable[[], Redactor]

    def name(self) -> str:
        """Return what the zip is called."""
        return f"dailies-{utc_now():%Y-%m-%d}.zip"

    def pieces(self, chosen: Selection) -> Iterator[bytes]:
        """Yield the zip. It takes time: whoever stops asking stops the work."""
        at = utc_now()
        with ExitStack() as stack:
            made = _Making(f"dailies-{at:%Y-%m-%d}", ZipStream(at), self.redactor(), store_of(self.settings), stack)
            for taken in self._generations(chosen):
                yield from made.add(taken)
            yield from made.finish()

    def _generations(self, chosen: Selection) -> Iterator[tuple[Generation, list[str], list[str]]]:
        """Yield what is chosen, oldest first, so that it can be brought in again in its order."""
        for seqs in self.selections.seqs(chosen, at_once=AT_ONCE, oldest_first=True):
            with self.database.reading() as session:
                some = rows.of_seqs(session, self.owner, seqs)
                names = queries.names_of(session, seqs)
            for one in some:
                yield (one, *names.get(one.seq, ([], [])))


@dataclass(slots=True)
class _Making:
    """A zip on its way: what waits for its end lies in files without a name."""

    folder: str
    zip: ZipStream
    redactor: Redactor
    store: Store
    stack: ExitStack
    used: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    records: IO[bytes] = field(init=False)
    table: IO[bytes] = field(init=False)
    items: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.records, self.table, self.items = (self.stack.enter_context(_spool()) for _ in range(3))
        self.table.writelines(csv_pieces([sheet.HEADINGS]))

    def add(self, of: tuple[Generation, list[str], list[str]]) -> Iterator[bytes]:
        """Yield the files of one generation, and note it for the lists."""
        generation, tags, collections = of
        with ExitStack() as stack:
            films = [
                film for video in generation.videos if (film := self._opened(generation, video, stack)) is not None
            ]
            files = {film.video.id: film.files for film in films}
            picture = yield from self._picture(generation.picture)
            taken = Taken(generation=generation, tags=tags, collections=collections, files=files, picture=picture)
            record = self.redactor.value(as_record(taken))
            for film in films:
                yield from self._film(film, record, taken)
        self.records.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        cells = [self.redactor.text(cell) if isinstance(cell, str) else cell for cell in sheet.row_of(taken)]
        self.table.writelines(list(csv_pieces([cells]))[1:])
        self.items.write(viewer.written_down(self.redactor.value(viewer.item_of(taken))) + b"\n")

    def finish(self) -> Iterator[bytes]:
        """Yield the lists, the page, and the zip's end."""
        for name, spool in ((RECORDS, self.records), (TABLE, self.table)):
            size = spool.tell()
            spool.seek(0)
            yield from self.zip.add(f"{self.folder}/{name}", _rest(spool), size=size, packed=True)
        size = self.items.tell()
        self.items.seek(0)
        page = viewer.page(line.rstrip(b"\n") for line in self.items)
        yield from self.zip.add(f"{self.folder}/{PAGE}", page, size=size, packed=True)
        yield from self.zip.finish()

    def _film(self, film: _Film, record: dict[str, Any], taken: Taken) -> Iterator[bytes]:
        folder, stem = self.folder, film.files.video.rpartition(".")[0]
        yield from self.zip.add(f"{folder}/{film.files.video}", film.pieces(), size=film.size, packed=False)
        if film.files.poster:
            yield from self._whole(film.files.poster, self.store.poster_path(film.video.id).read_bytes(), packed=False)
        beside = json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        yield from self._whole(f"{stem}.json", beside, packed=True)
        yield from self._whole(
            f"{stem}.txt", self.redactor.text(as_text(taken)).encode("utf-8", "replace"), packed=True
        )

    def _picture(self, sha256: str | None) -> Generator[bytes, None, str]:
        """Yield the picture a generation was sent with, once however many were; return its name, "" without a file."""
        if not sha256:
            return ""
        name = f"{PICTURES}/{sha256}.jpg"
        if name not in self.pictures:
            try:
                data = self.store.bring(self.store.picture_path(sha256)).read_bytes()
            except (OSError, NotFoundError, MediaError):
                return ""
            self.pictures.add(name)
            yield from self._whole(name, data, packed=False)
        return name

    def _whole(self, name: str, data: bytes, *, packed: bool) -> Iterator[bytes]:
        return self.zip.add(f"{self.folder}/{name}", [data], size=len(data), packed=packed)

    def _opened(self, generation: Generation, video: Video, stack: ExitStack) -> _Film | None:
        """Open the file of a kept video; None if it is not there."""
        if video.state is not VideoState.KEPT:
            return None
        with suppress(OSError, NotFoundError, MediaError):
            kind = video.media_type or "video/mp4"
            file = stack.enter_context(self.store.bring(self.store.video_path(video.id, kind)).open("rb"))
            words = self.redactor.value(words_of(generation, video))
            retold = mp4_words.retold(file, words) if kind == "video/mp4" else None
            stem = self._stem(generation, video)
            has_poster = video.poster and self.store.bring(self.store.poster_path(video.id)).is_file()
            files = Files(
                video=f"{FILMS}/{stem}.{EXTENSIONS[kind]}",
                poster=f"{FILMS}/{stem}.jpg" if has_poster else "",
                words=retold is not None,
            )
            return _Film(video, files, file, retold)
        return None

    def _stem(self, generation: Generation, video: Video) -> str:
        """Return a name that no other video of this zip has, whatever the system thinks of upper case."""
        stem = file_name(self.redactor.text(generation.prompt), video.id, "x").removesuffix(".x")
        if stem.casefold() in self.used:
            stem = f"{stem}-{video.id}"
        self.used.add(stem.casefold())
        return stem


@dataclass(frozen=True, slots=True)
class _Film:
    video: Video
    files: Files
    file: IO[bytes]
    retold: mp4_words.Retold | None

    @property
    def size(self) -> int:
        return self.retold.size if self.retold else self.file.seek(0, 2)

    def pieces(self) -> Iterator[bytes]:
        if self.retold is not None:
            return self.retold.pieces(self.file)  # type: ignore[arg-type]  # opened as bytes
        self.file.seek(0)
        return _rest(self.file)


def _spool() -> IO[bytes]:
    """Return a file without a name; the first megabyte of it is memory."""
    return tempfile.SpooledTemporaryFile(_IN_MEMORY)


def _rest(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK), b"")
