"""Pictures out of a kept video: a contact sheet of twelve frames, and any one frame whole. Made when asked for.

libav runs in a process of its own (apart): `python -m services.media.frames <video> <format> <picture> <kind> <at>
<seconds>`, which answers with JSON.
"""

from __future__ import annotations

import json
import math
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from services.errors import MediaError, NotAVideoError
from services.media.apart import ask, confine
from services.media.container import DEMUXERS, HEAD_BYTES, sniff
from services.media.part import held, room

if TYPE_CHECKING:
    from PIL.Image import Image

Kind = Literal["png", "jpg"]
FRAMES: Final = 12
COLUMNS: Final = 4
CELL: Final = 400  # pixels of a frame's longer side on the sheet
GAP: Final = 6
TIMEOUT_SECONDS: Final = 60.0
FILE_BYTES: Final = 64 * 1024**2
SEEK_SECONDS: Final = 4.0  # a wanted frame farther on than this is looked up, not decoded up to
MOST_FRAMES: Final = 20_000
_SLACK_SECONDS = 0.0006  # a time is told in whole milliseconds
_ONE_AT_A_TIME = threading.Semaphore(2)  # each takes a core while it decodes
_STARTS = {"png": b"\x89PNG\r\n", "jpg": b"\xff\xd8\xff"}


def sheet_seconds(duration_seconds: float) -> tuple[float, ...]:
    """Return the times of the sheet's frames: the middles of twelve equal parts.

    >>> sheet_seconds(12.0)[:3]
    (0.5, 1.5, 2.5)
    """
    return tuple(duration_seconds * (number + 0.5) / FRAMES for number in range(FRAMES))


def make_sheet(video: Path, sheet: Path) -> Path:
    """Make the contact sheet of a video at `sheet`, unless it is there; return it.

    Raises:
        MediaError: it could not be made (codes frame_failed, video_not_a_video, video_busy, video_no_room).
    """
    return _made(video, sheet, "sheet", "jpg", 0.0)


def make_frame(video: Path, frame: Path, seconds: float, kind: Kind) -> Path:
    """Make the picture shown at a time, in full size, at `frame`, unless it is there; return it.

    Raises:
        MediaError: as above.
    """
    return _made(video, frame, kind, kind, seconds)


def _made(video: Path, picture: Path, what: str, kind: str, at: float) -> Path:
    if picture.is_file():
        return picture
    half_done = picture.with_name(f"{picture.name}.part")
    with _ONE_AT_A_TIME:
        if picture.is_file():  # a neighbour made it meanwhile
            return picture
        with room(), held(half_done):
            arguments = [str(video), _demuxer(video), str(half_done), what, repr(at), str(math.ceil(TIMEOUT_SECONDS))]
            ask("services.media.frames", arguments, TIMEOUT_SECONDS)
            if half_done.stat().st_size <= len(_STARTS[kind]) or not _begins(half_done, _STARTS[kind]):
                raise MediaError("no picture came of it", code="frame_failed")
            half_done.replace(picture)
    return picture


def _demuxer(video: Path) -> str:
    with video.open("rb") as file:
        found = DEMUXERS.get(sniff(file.read(HEAD_BYTES)) or "")
    if found is None:
        raise NotAVideoError("the file does not begin like a video")
    return found


def _begins(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start


# What follows runs in the process of its own.


def _work(path: str, demuxer: str, picture: str, what: str, at: float) -> dict[str, Any]:
    """Write the picture. The demuxer is told, not guessed: a playlist in disguise would be followed."""
    import av

    with av.open(path, format=demuxer, options={"protocol_whitelist": "file"}) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        if what == "sheet":
            wanted = sheet_seconds(_duration(container, stream))
            _sheet([_small(one) for one in _pictures(container, stream, wanted)]).save(picture, "JPEG", quality=82)
        else:
            (found,) = _pictures(container, stream, [at])
            found.save(picture, "PNG" if what == "png" else "JPEG", **({"quality": 93} if what == "jpg" else {}))
    return {"made": True}


def _duration(container: Any, stream: Any) -> float:
    """Return how long it is in seconds; where the file does not say so, to its last packet."""
    import av

    if container.duration:
        return float(container.duration / av.time_base)
    last = max((float(packet.pts * packet.time_base) for packet in container.demux(stream) if packet.pts), default=0.0)
    container.seek(0)
    return last


def _pictures(container: Any, stream: Any, wanted: Sequence[float]) -> Iterator[Image]:
    """Yield the picture shown at each of these times (in order); the last one there is for those beyond the end."""
    frames, shown, coming = iter(container.decode(stream)), None, None
    decoded = 0
    for at in wanted:
        if at - (_time(coming) if coming is not None else 0.0) > SEEK_SECONDS:
            container.seek(int(at / stream.time_base), stream=stream)
            frames, coming = iter(container.decode(stream)), None
        while decoded < MOST_FRAMES and (coming is None or _time(coming) <= at + _SLACK_SECONDS):
            shown = coming if coming is not None else shown
            coming = next(frames, None)
            decoded += 1
            if coming is None:
                break
        yield _turned(shown if shown is not None else coming)


def _time(frame: Any) -> float:
    return float(frame.time or 0.0)


def _turned(frame: Any) -> Image:
    image: Image = frame.to_image()
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def _small(picture: Image) -> Image:
    picture.thumbnail((CELL, CELL))
    return picture


def _sheet(cells: Sequence[Image]) -> Image:
    from PIL import Image

    wide, high = cells[0].size
    rows = math.ceil(len(cells) / COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (wide + GAP) - GAP, rows * (high + GAP) - GAP), (13, 11, 9))
    for number, cell in enumerate(cells):
        row, column = divmod(number, COLUMNS)
        sheet.paste(cell, (column * (wide + GAP), row * (high + GAP)))
    return sheet


def main(arguments: list[str]) -> None:
    """Answer on standard output."""
    path, demuxer, picture, what, at, seconds = arguments
    confine(int(seconds), FILE_BYTES)
    sys.stdout.write(json.dumps(_work(path, demuxer, picture, what, float(at))))


if __name__ == "__main__":
    main(sys.argv[1:])
