"""Pictures as cameras, screens and enemies make them."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image

RED, BLUE = (214, 40, 40), (30, 60, 200)


def painted(size: tuple[int, int], kind: str = "JPEG", *, mode: str = "RGB", **how: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return saved(picture.convert(mode), kind, **how)


def saved(picture: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **how)
    return buffer.getvalue()


def noise(size: tuple[int, int]) -> bytes:
    """Return a picture that no codec makes small."""
    return saved(Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3)), "PNG")


def of_a_phone(size: tuple[int, int], orientation: int) -> bytes:
    """Return a photo that lies on its side, with what a phone writes of its owner."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CanaryPhone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return painted(size, exif=exif, comment=b"CanaryComment")


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few kilobytes that unfolds to gigabytes of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")


def opened(data: bytes) -> Image.Image:
    """Return the pixels of a JPEG."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
        picture.load()
        return picture.copy()


def near(pixel: Any, colour: tuple[int, int, int], within: int = 24) -> bool:
    return all(abs(one - other) <= within for one, other in zip(pixel[:3], colour, strict=True))
