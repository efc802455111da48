"""Make a plain JPEG of a picture or of one frame of a film, in a process of its own (services.media.apart).

Run as `python -m services.pictures.draw <order as JSON>`, it answers with JSON: width and height, or an error's code.
Nothing but the picture survives: no EXIF (where and when it was taken), no profile, no comment, no second picture.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.media.apart import confine
from services.pictures.shape import crop_box, fitted

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 30
MOST_PIXELS = 50_000_000
_MOST_FRAMES = 2000
_LARGEST_BYTES = 8 * 1024**2
_QUALITIES = (88, 80, 70, 60, 50, 40)


class _RefusedError(Exception):
    """The picture cannot be used; the message is the code that says why."""


def _picture(path: str, kind: str) -> Image:
    """Return a picture, upright. Only the decoder of the kind that was seen gets to read it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # looked at below, with a code of our own
    try:
        with Image.open(path, formats=[kind]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _RefusedError("picture_too_many_pixels")
            opened.load()
            return _in_colour(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise _RefusedError("picture_unreadable") from error


def _in_colour(picture: Image) -> Image:
    """Return it as plain sRGB; what shines through is laid on white."""
    from PIL import Image

    profile = picture.info.get("icc_profile")
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        picture = Image.alpha_composite(ground, clear)
    plain = picture.convert("RGB")
    if profile and picture.mode == "RGB":
        from PIL import ImageCms

        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(plain, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
            plain = turned or plain
    return plain


def _frame(path: str, demuxer: str, seconds: float) -> Image:
    """Return the frame of a film that is shown at this time, upright; the last one if it is shorter."""
    import av

    try:
        with av.open(path, format=demuxer, options={"protocol_whitelist": "file"}) as film:
            stream = film.streams.video[0]
            stream.codec_context.thread_count = 1
            if stream.codec_context.width * stream.codec_context.height > MOST_PIXELS:
                raise _RefusedError("picture_too_many_pixels")
            film.seek(int((seconds * av.time_base) + (film.start_time or 0)))
            return _shown(film, stream, seconds + (film.start_time or 0) / av.time_base)
    except (av.error.FFmpegError, OSError, ValueError, IndexError, MemoryError) as error:
        raise _RefusedError("picture_unreadable") from error


def _shown(film: Any, stream: Any, at: float) -> Image:
    """Return the last frame that begins by this time."""
    shown = None
    for number, frame in enumerate(film.decode(stream)):
        late = frame.time is not None and frame.time > at + 1e-3
        if shown is not None and (late or number >= _MOST_FRAMES):
            break
        shown = frame
    if shown is None:
        raise _RefusedError("picture_unreadable")
    image: Image = shown.to_image()
    return image.rotate(shown.rotation, expand=True) if shown.rotation else image


def _written(picture: Image, order: dict[str, Any]) -> dict[str, int]:
    """Write the part that was asked for as a JPEG that is small enough; return its size in pixels."""
    from PIL import Image

    part = picture.crop(crop_box(*picture.size, order["shape"], order["at"]))
    small = part.resize(fitted(*part.size, order["longest"]), Image.Resampling.LANCZOS)
    plain = Image.frombytes("RGB", small.size, small.tobytes())  # pixels alone: no note of where they come from
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        plain.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= order["most_bytes"]:
            break
    Path(order["to"]).write_bytes(buffer.getvalue())
    return {"width": plain.width, "height": plain.height}


def main(text: str) -> None:
    """Answer on standard output."""
    order = json.loads(text)
    confine(SECONDS, _LARGEST_BYTES)
    try:
        if order["seconds"] is None:
            picture = _picture(order["of"], order["kind"])
        else:
            picture = _frame(order["of"], order["kind"], order["seconds"])
        answer: dict[str, Any] = dict(_written(picture, order))
    except _RefusedError as refused:
        answer = {"error": str(refused)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
