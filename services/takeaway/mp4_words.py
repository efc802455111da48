"""Words inside an mp4: title, model, date, id; without touching one byte of its pictures.

The copy is the file as it is, its `moov` box renamed to `free`, and a new `moov` with the words behind it. So no offset
in the file moves, nothing is held in memory but that one box, and what was there can be had back exactly: the
original's hash is kept in the words. Pure, but for reading the file (ISO 14496-12; the `ilst` boxes players read).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, Final

CHUNK: Final = 256 * 1024
MAX_MOOV: Final = 32 * 1024**2
MAX_BOXES: Final = 10_000
MEAN: Final = b"com.dailies"
ORIGINAL: Final = "original"
_TITLE_CHARS: Final = 200
_KNOWN: Final = {
    "title": b"\xa9nam",
    "artist": b"\xa9ART",
    "date": b"\xa9day",
    "comment": b"\xa9cmt",
    "description": b"desc",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a file: where it begins, how long it is, and how long its own head is. In bytes."""

    kind: bytes
    at: int
    size: int
    head: int


@dataclass(frozen=True, slots=True)
class Retold:
    """A copy with words: `size` in bytes; the old `moov` lies at `moov_at`, and `tail` follows the file."""

    original_size: int
    moov_at: int
    tail: bytes

    @property
    def size(self) -> int:
        """How long the copy is, in bytes."""
        return self.original_size + len(self.tail)

    def pieces(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield the copy from the original."""
        return chain(_patched(file, self.original_size, self.moov_at + 4, b"free"), [self.tail])


def retold(file: BinaryIO, words: Mapping[str, str]) -> Retold | None:
    """Return how to copy an mp4 with these words in it; None where that could harm it (fragments, an odd form).

    `words`: title, artist, date, comment, description go where players look; any other name stands beside them.
    """
    boxes = _boxes(file)
    moovs = [box for box in boxes or () if box.kind == b"moov"]
    if boxes is None or len(moovs) != 1 or any(box.kind in (b"moof", b"mfra", b"styp") for box in boxes):
        return None
    moov = moovs[0]
    if not moov.head < moov.size <= MAX_MOOV:
        return None
    size = boxes[-1].at + boxes[-1].size
    file.seek(moov.at + moov.head)
    told = {**words, ORIGINAL: f"{size}:{moov.at}:{words.get('sha256', '')}"}
    try:
        tail = _with_words(file.read(moov.size - moov.head), told)
    except ValueError:
        return None
    return Retold(size, moov.at, tail)


def original_of(file: BinaryIO) -> tuple[int, int] | None:
    """Return the original's size and where its `moov` lay, if this is a copy made by `retold`; else None."""
    boxes = _boxes(file)
    if not boxes or boxes[-1].kind != b"moov" or boxes[-1].size > 2 * MAX_MOOV:
        return None
    file.seek(boxes[-1].at + boxes[-1].head)
    try:
        said = words_in(file.read(boxes[-1].size - boxes[-1].head)).get(ORIGINAL, "")
        size, moov_at = (int(part) for part in said.split(":")[:2])
    except ValueError:
        return None
    freed = any(box.at == moov_at and box.kind == b"free" for box in boxes)
    return (size, moov_at) if freed and size == boxes[-1].at else None


def as_it_was(file: BinaryIO, size: int, moov_at: int) -> Iterator[bytes]:
    """Yield the original from a copy made by `retold`, byte for byte."""
    return _patched(file, size, moov_at + 4, b"moov")


def words_in(moov: bytes) -> dict[str, str]:
    """Return what we wrote into the inside of a `moov` box, by name.

    Raises:
        ValueError: its boxes do not fit into each other.
    """
    found: dict[str, str] = {}
    for kind, item in _children(_inside(_inside(_inside(moov, b"udta"), b"meta")[4:], b"ilst")):
        parts = dict(_children(item))
        text = parts.get(b"data", b"")[8:].decode("utf-8", "replace")
        if kind == b"----" and parts.get(b"mean", b"")[4:] == MEAN:
            found[parts.get(b"name", b"")[4:].decode("utf-8", "replace")] = text
        else:
            found.update((name, text) for name, known in _KNOWN.items() if known == kind)
    return found


def _boxes(file: BinaryIO) -> list[Box] | None:
    """Return the boxes of a file, in order; None unless they end exactly where it ends."""
    size, at = file.seek(0, 2), 0
    found: list[Box] = []
    while at < size and len(found) < MAX_BOXES:
        file.seek(at)
        start = file.read(16)
        length, head = int.from_bytes(start[:4], "big"), 8
        if length == 1:
            length, head = int.from_bytes(start[8:16], "big"), 16
        if length < head or at + length > size:
            return None
        found.append(Box(start[4:8], at, length, head))
        at += length
    return found if found and at == size else None


def _with_words(moov: bytes, words: Mapping[str, str]) -> bytes:
    """Return a whole `moov` box: what was inside, and the words in `udta/meta/ilst` in place of those of that name."""
    rest = [(kind, data) for kind, data in _children(moov) if kind != b"udta"]
    user = _children(_inside(moov, b"udta"))
    others = [(kind, data) for kind, data in user if kind != b"meta"]
    meant = {_KNOWN[name] for name in words if name in _KNOWN}
    before = _kept_items(_inside(_inside(moov, b"udta"), b"meta"))
    kept = [(kind, data) for kind, data in before if kind not in meant and not _is_ours(kind, data)]
    items = b"".join(_box(kind, data) for kind, data in kept) + b"".join(_item(*word) for word in words.items())
    handler = b"\0" * 8 + b"mdirappl" + b"\0" * 9
    meta = b"\0" * 4 + _box(b"hdlr", handler) + _box(b"ilst", items)
    udta = b"".join(_box(kind, data) for kind, data in [*others, (b"meta", meta)])
    return _box(b"moov", b"".join(_box(kind, data) for kind, data in [*rest, (b"udta", udta)]))


def _kept_items(meta: bytes) -> list[tuple[bytes, bytes]]:
    return _children(_inside(meta[4:], b"ilst")) if meta else []


def _is_ours(kind: bytes, item: bytes) -> bool:
    return kind == b"----" and dict(_children(item)).get(b"mean", b"")[4:] == MEAN


def _item(name: str, text: str) -> bytes:
    shown = " ".join(text.split())[:_TITLE_CHARS] if name == "title" else text
    data = _box(b"data", b"\0\0\0\1\0\0\0\0" + shown.encode("utf-8", "replace"))
    if name in _KNOWN:
        return _box(_KNOWN[name], data)
    return _box(b"----", _box(b"mean", b"\0" * 4 + MEAN) + _box(b"name", b"\0" * 4 + name.encode()) + data)


def _inside(data: bytes, kind: bytes) -> bytes:
    """Return what is in the first box of this kind; nothing if there is none."""
    return next((inside for found, inside in _children(data) if found == kind), b"")


def _children(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the boxes in these bytes; QuickTime may end them with four zeros.

    Raises:
        ValueError: they do not fit.
    """
    found: list[tuple[bytes, bytes]] = []
    at = 0
    while at < len(data) and data[at:] != b"\0\0\0\0":
        length = int.from_bytes(data[at : at + 4], "big")
        if length < 8 or at + length > len(data) or len(found) >= MAX_BOXES:
            raise ValueError("boxes that do not fit")
        found.append((data[at + 4 : at + 8], data[at + 8 : at + length]))
        at += length
    return found


def _box(kind: bytes, data: bytes) -> bytes:
    return (len(data) + 8).to_bytes(4, "big") + kind + data


def _patched(file: BinaryIO, size: int, at: int, four: bytes) -> Iterator[bytes]:
    """Yield the first `size` bytes of a file with four of them replaced."""
    file.seek(0)
    done = 0
    while done < size and (piece := file.read(min(CHUNK, size - done))):
        start, end = max(at, done), min(at + 4, done + len(piece))
        if start < end:
            piece = piece[: start - done] + four[start - at : end - at] + piece[end - done :]
        yield piece
        done += len(piece)
