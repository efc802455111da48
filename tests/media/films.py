"""Videos to serve: a real one for who looks inside, a shell of one for who only counts bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
from PIL import Image

WIDTH, HEIGHT, FRAMES, RATE = 96, 64, 25, 25


def shell(payload_bytes: int = 4000) -> bytes:
    """Return two boxes that begin and end like an mp4; nothing in them can be played."""
    head = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
    payload = bytes(number % 251 for number in range(payload_bytes))
    return head + (payload_bytes + 8).to_bytes(4, "big") + b"mdat" + payload


def shoot(path: Path, frames_count: int = FRAMES) -> None:
    """Write H.264: one second, unless told otherwise."""
    frames: Any = av.VideoFrame  # its methods have no types
    with av.open(str(path), "w", format="mp4") as film:
        stream: Any = film.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(frames_count):
            picture = Image.new("RGB", (WIDTH, HEIGHT), (number * 10 % 256, 80, 160))
            film.mux(stream.encode(frames.from_image(picture)))
        film.mux(stream.encode())
