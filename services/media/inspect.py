"""Look at a video: how long, how large, and a picture of it. libav runs in a process of its own.

It decodes bytes a stranger chose: there it may hang, crash or eat memory, and what it could steal is not there.
Run as `python -m services.media.inspect <video> <format> <poster> <seconds>`, it answers with JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from services.errors import MediaError, NotAVideoError
from services.media.container import HEAD_BYTES, sniff
from services.media.part import held

if TYPE_CHECKING:
    from PIL.Image import Image

POSTER_WIDTH = 640
POSTER_BYTES = 40_000
_PROJECT = Path(__file__).resolve().parents[2]
_DEMUXERS = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska", "video/x-matroska": "matroska"}
_SAFE_ENVIRONMENT = {
    *("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR", "HOME", "USERPROFILE", "APPDATA"),
    *("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
}
_POLL_SECONDS = 0.1
_ANSWER_BYTES = 4096
_MEMORY_BYTES = 2 * 1024**3
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
        demuxer = _DEMUXERS.get(sniff(file.read(HEAD_BYTES)) or "")
    if demuxer is None:
        raise NotAVideoError("the file does not begin like a video")
    half_done = poster_path.with_name(f"{poster_path.name}.part")
    with held(half_done):
        found = _ask([str(path), demuxer, str(half_done), str(math.ceil(timeout_seconds))], timeout_seconds, stops)
        if found.get("error") == "not_a_video":
            raise NotAVideoError("the file holds no video that can be read")
        return Inspection(
            duration_seconds=_number(found.get("duration_seconds")),
            width=_whole(found.get("width")),
            height=_whole(found.get("height")),
            poster=_take_poster(half_done, poster_path),
        )


def _ask(arguments: list[str], timeout_seconds: float, stops: Iterable[threading.Event]) -> dict[str, Any]:
    """Run this module on the file; nothing at all if it did not answer in time, or not sensibly.

    It answers into a file, not a pipe: it cannot fill our memory, nor can what it leaves behind keep us waiting.
    """
    ends_at = time.monotonic() + timeout_seconds
    with tempfile.TemporaryFile() as output:
        with subprocess.Popen(
            [sys.executable, "-m", "services.media.inspect", *arguments],
            cwd=_PROJECT,
            env={name: value for name, value in os.environ.items() if name.upper() in _SAFE_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
        ) as child:
            try:
                _wait(child, output, ends_at, stops)
            finally:
                child.kill()
        output.seek(0)
        answer = output.read(_ANSWER_BYTES + 1)
    if child.returncode != 0 or len(answer) > _ANSWER_BYTES:
        return {}
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(answer)
        return found if isinstance(found, dict) else {}
    return {}


def _wait(child: subprocess.Popen[bytes], output: IO[bytes], ends_at: float, stops: Iterable[threading.Event]) -> None:
    """Return when the child has ended, has had its time, or says more than any answer is long."""
    while time.monotonic() < ends_at and os.fstat(output.fileno()).st_size <= _ANSWER_BYTES:
        if any(stop.is_set() for stop in stops):
            raise MediaError("stopped", code="video_stopped")
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=_POLL_SECONDS)
            return


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


def _confine(seconds: int) -> None:
    """Take away what looking at a video does not need, where the system can."""
    try:
        import resource
        import signal
    except ImportError:  # Windows: the parent's time-out is what there is
        return
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 1024**2,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_AS: _MEMORY_BYTES,
    }
    for kind, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    signal.alarm(seconds + 5)  # an orphan ends as well


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
    _confine(int(seconds))
    sys.stdout.write(json.dumps(_look(path, demuxer, poster)))


if __name__ == "__main__":
    main(sys.argv[1:])
