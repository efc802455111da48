"""Files of the object store through our own route, in ranges: the browser never learns where they lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    from services.media.far import Far

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def far_answer(
    request: Request, file: Far, media_type: str, save_as: str | None, headers: Mapping[str, str]
) -> Response:
    """Answer with a file, or the one part of it that is asked for; several parts at once get the whole (RFC 9110)."""
    etag = f'"{file.name}-{file.size_bytes}"'  # a kept file never changes under its name
    said = {**headers, "accept-ranges": "bytes", "etag": etag}
    if save_as is not None:
        said["content-disposition"] = f"attachment; filename*=utf-8''{quote(save_as)}"
    asked = request.headers.get("range", "")
    if request.headers.get("if-range", etag) != etag:
        asked = ""
    part = part_of(asked, file.size_bytes)
    if part is None:
        return Response(status_code=416, headers={**said, "content-range": f"bytes */{file.size_bytes}"})
    start, end = part
    status = 200
    if (start, end) != (0, file.size_bytes) or _is_range(asked):
        status, said["content-range"] = 206, f"bytes {start}-{end - 1}/{file.size_bytes}"
    said["content-length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=said, media_type=media_type)
    return StreamingResponse(file.pieces(start, end), status_code=status, headers=said, media_type=media_type)


def _is_range(asked: str) -> bool:
    return _RANGE.fullmatch(asked) is not None and asked != "bytes=-"


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last; everything if no one range is asked for, None if there is none.

    >>> part_of("bytes=4-7", 100), part_of("bytes=-10", 100), part_of("bytes=90-", 100), part_of("bytes=0-1,5-6", 100)
    ((4, 8), (90, 100), (90, 100), (0, 100))
    >>> part_of("bytes=100-", 100), part_of("bytes=7-4", 100), part_of("bytes=-", 100)
    (None, None, (0, 100))
    """
    found = _RANGE.fullmatch(asked)
    if found is None or found.group(1) == found.group(2) == "":
        return 0, size
    first, last = found.groups()
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    return (start, end) if start < end else None
