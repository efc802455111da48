"""What a file is, by its own first bytes: a label from the network is only a claim."""

from __future__ import annotations

from pathlib import Path

HEAD_BYTES = 64
_BOXES_MAX = 100_000
DEMUXERS = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska", "video/x-matroska": "matroska"}
"""What libav is told a file is: it shall not guess, for a playlist in disguise would be followed."""
EXTENSIONS = {"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm", "video/x-matroska": "mkv"}


def sniff(head: bytes) -> str | None:
    r"""Return the media type that the first bytes (up to 64) show, or None for no video we know.

    >>> sniff(b"\0\0\0\x20ftypisom"), sniff(b"<!doctype html>")
    ('video/mp4', None)
    """
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:HEAD_BYTES] else "video/x-matroska"
    return None


def boxes_fit(path: Path) -> bool:
    """Tell whether an mp4's top-level boxes end where the file ends.

    The only way to see a cut when the host declared no length: such an end raises nothing (ISO 14496-12, 4.2).
    """
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        for _ in range(_BOXES_MAX):  # 2 GiB of boxes of 8 bytes would keep us busy for minutes
            if at >= size:
                return at == size
            file.seek(at)
            header = file.read(16)
            length = int.from_bytes(header[:4], "big")
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            elif length == 0:  # "to the end of the file"
                return True
            if len(header) < 8:
                return False
            if length < 8:  # no box: not ours to judge here
                return True
            at += length
    return True
