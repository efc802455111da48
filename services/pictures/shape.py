"""What is cut off a picture and how large the rest may be. Pure."""

from __future__ import annotations

from typing import Final

SHAPES: Final = {"landscape": (16, 9), "portrait": (9, 16), "square": (1, 1)}
WHOLE: Final = "whole"
LARGEST_BYTES: Final = 20 * 1024**2
"""Of a picture as it comes; one of a phone's camera has 3 to 12 MB."""
SENT_LONGEST: Final = 1280
"""In pixels: what relays make films of is no larger."""
SENT_BYTES: Final = 500_000
"""As text that is 667 kB: a request below the megabyte at which nginx, as it comes, answers 413 (PROTOCOL 3)."""
KEPT_LONGEST: Final = 2048
KEPT_BYTES: Final = 1_500_000


def crop_box(width: int, height: int, shape: str, at: float = 0.5) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the largest part in this shape; `at` 0 to 1 says which of them.

    >>> crop_box(1000, 1000, "landscape"), crop_box(1600, 900, "portrait", at=1.0), crop_box(7, 5, "whole")
    ((0, 219, 1000, 781), (1094, 0, 1600, 900), (0, 0, 7, 5))
    """
    if shape not in SHAPES:
        return 0, 0, width, height
    across, down = SHAPES[shape]
    wide, tall = min(width, max(1, round(height * across / down))), min(height, max(1, round(width * down / across)))
    place = min(1.0, max(0.0, at))
    left, top = round((width - wide) * place), round((height - tall) * place)
    return left, top, left + wide, top + tall


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """Return the size, made smaller so that no side is longer; never larger.

    >>> fitted(4000, 3000, 1280), fitted(100, 50, 1280), fitted(10000, 1, 1280)
    ((1280, 960), (100, 50), (1280, 1))
    """
    factor = min(1.0, longest / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))


def text_bytes(size_bytes: int) -> int:
    """Return how many bytes of base64 stand for so many bytes.

    >>> text_bytes(300), text_bytes(1)
    (400, 4)
    """
    return -(-size_bytes // 3) * 4


def kind_of(head: bytes) -> str | None:
    """Return which of the four kinds of picture these first bytes begin; None for anything else.

    >>> kind_of(b"GIF89a"), kind_of(b"<svg"), kind_of(b"RIFF....WEBPVP8 ")
    ('GIF', None, 'WEBP')
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "WEBP" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None
