"""Look at a video: how long, how large, and a picture of it. libav runs in a process of its own (services.media.apart).

Run as `python -m services.media.inspect <video> <format> <poster> <seconds>`, it answers with JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.errors import NotAVideoError
from services.media.apart import ask, confine
from services.media.container import DEMUXERS, HEAD_BYTES, sniff
from services.media.part import held

if TYPE_CHECKING:
    from PIL.Image import Image

POSTER_WIDTH = 640
POSTER_BYTES = 40_000
_LARGEST_BYTES = 1024**2
_FRAMES_MAX = 120
_PIXELS_MAX = 8192 * 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a video is; unknown is None. Width and height in pixels as shown, `poster` tells if one was written."""

    duration_seconds: float | None = None
    width: int | None = None
    height: int | None = None
    poster: bool = False


def inspect(
    path: Path, poster_path: Path, *, timeout_seconds: float = 30, stops: Iterable[threading.Event] = ()
) -> Inspection:
    """Look at a video and write its poster, at most 640 pixels wide.

    A look that hangs or crashes tells nothing, and costs nothing: the video is whole, the browser may well play it.

    Raises:
        NotAVideoError: libav says that this is no video.
        MediaError: one of `stops` was set meanwhile, code `video_stopped`.
    """
    with path.open("rb") as file:
        demuxer = DEMUXERS.get(sniff(file.read(HEAD_BYTES)) or "")
    if demuxer is None:
        raise NotAVideoError("the file does not begin like a video")
    half_done = poster_path.with_name(f"{poster_path.name}.part")
    with held(half_done):
        order = [str(path), demuxer, str(half_done), str(math.ceil(timeout_seconds))]
        found = ask("services.media.inspect", order, timeout_seconds, stops)
        if found.get("error") == "not_a_video":
            raise NotAVideoError("the file holds no video that can be read")
        return Inspection(
            duration_seconds=_number(found.get("duration_seconds")),
            width=_whole(found.get("width")),
            height=_whole(found.get("height")),
            poster=_take_poster(half_done, poster_path),
        )


def _number(value: object) -> float | None:
    fits = isinstance(value, (int, float)) and math.isfinite(value) and 0 < value < 1e7
    return float(value) if fits else None  # type: ignore[arg-type]  # `fits` knows


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value <= 65536 else None


def _take_poster(half_done: Path, poster_path: Path) -> bool:
    """Move a poster into place if it is one."""
    with contextlib.suppress(OSError):
        data = half_done.read_bytes()
        if data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9"):
            half_done.replace(poster_path)
            return True
    return False


# What follows runs in the process of its own.


def _look(path: str, demuxer: str, poster: str) -> dict[str, Any]:
    """Return what libav sees. The demuxer is told, not guessed: a playlist in disguise would be followed."""
    import av

    try:
        container = av.open(path, format=demuxer, options={"protocol_whitelist": "file"})
    except (av.error.InvalidDataError, av.error.EOFError):
        return {"error": "not_a_video"}
    with container:
        if not container.streams.video:
            return {"error": "not_a_video"}
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        seconds = container.duration / av.time_base if container.duration else None
        width, height = stream.codec_context.width, stream.codec_context.height
        found: dict[str, Any] = {"duration_seconds": seconds, "width": width, "height": height}
        if width * height > _PIXELS_MAX:
            return found
        with contextlib.suppress(av.error.FFmpegError, OSError, ValueError, MemoryError):
            picture = _picture(container, stream, seconds)
            if picture is not None:
                found["width"], found["height"] = picture.size
                _write_poster(picture, Path(poster))
        return found


def _picture(container: Any, stream: Any, seconds: float | None) -> Image | None:
    """Return the frame about a second in (a tenth in, if shorter): the very first is often black."""
    at = min(1.0, (seconds or 0.0) / 10)
    best = None
    for number, frame in enumerate(container.decode(stream)):
        best = frame
        if number >= _FRAMES_MAX or frame.time is None or frame.time >= at:
            break
    if best is None:
        return None
    image: Image = best.to_image()
    return image.rotate(best.rotation, expand=True) if best.rotation else image


def _write_poster(picture: Image, path: Path) -> None:
    """Write a JPEG of at most 640 pixels width and about 40 kB."""
    picture.thumbnail((POSTER_WIDTH, POSTER_WIDTH * 4))
    for quality in (82, 70, 55, 40, 25):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= POSTER_BYTES:
            break
    path.write_bytes(buffer.getvalue())


def main(arguments: list[str]) -> None:
    """Answer on standard output."""
    path, demuxer, poster, seconds = arguments
    confine(int(seconds), _LARGEST_BYTES)
    sys.stdout.write(json.dumps(_look(path, demuxer, poster)))


if __name__ == "__main__":
    main(sys.argv[1:])
