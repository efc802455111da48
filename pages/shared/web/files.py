"""Kept videos, their posters and other pictures of them, by id: no request ever names a path.

They lie under `/app/static/`, the only relative addresses st.video and st.image take; ours come before Streamlit's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from pages.shared.people import person_of, team
from pages.shared.runtime import get_runtime
from pages.shared.web.far_files import far_answer
from services.errors import MediaError, NotFoundError

if TYPE_CHECKING:
    from services.library.stills import Stills
    from services.media.far import Far

_VIDEO_TYPES = {"video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov"}
_PICTURE_TYPES = {"png": "image/png", "jpg": "image/jpeg"}
# A kept file never changes under its id. `private`: no proxy may hand it to somebody else.
_HEADERS = {"cache-control": "private, max-age=31536000, immutable", "x-content-type-options": "nosniff"}


async def video(request: Request) -> Response:
    """Serve a kept video with Range and ETag; `?download` asks for a file to save."""
    video_id = request.path_params["id"]
    owner = await _owner(request, video_id)
    try:
        found = await asyncio.to_thread(get_runtime().video_file, owner, video_id) if owner else None
    except MediaError as error:
        return _away(error)
    if found is None:
        return _nothing()
    path, media_type = found
    kind = media_type if media_type in _VIDEO_TYPES else "video/mp4"  # whatever was declared: never HTML
    if "download" not in request.query_params:
        return _kept(request, path, kind, None)
    library = get_runtime().for_person(owner or "").library
    return _kept(request, path, kind, await asyncio.to_thread(library.name_of, video_id, _VIDEO_TYPES[kind]))


async def poster(request: Request) -> Response:
    """Serve a video's poster picture."""
    owner = await _owner(request, request.path_params["id"])
    try:
        path = await asyncio.to_thread(get_runtime().poster_file, owner, request.path_params["id"]) if owner else None
    except MediaError as error:
        return _away(error)
    return _nothing() if path is None else _kept(request, path, "image/jpeg", None)


async def _owner(request: Request, video_id: str) -> str | None:
    """Return in whose name a video may be seen: one's own, or that of whoever shows it to all who are let in."""
    owner = person_of(request)
    if owner is None or not team():
        return owner
    return await asyncio.to_thread(get_runtime().for_person(owner).sharing.seen_as, video_id)


async def sheet(request: Request) -> Response:
    """Serve a video's contact sheet, made on first asking."""
    return await _still(request, lambda stills, video_id: stills.sheet(video_id), named=False)


async def frame(request: Request) -> Response:
    """Serve the frame at `?at=` seconds as a file to save, `?as=` png or jpg."""
    kind, at = request.query_params.get("as", "png"), request.query_params.get("at", "")
    return await _still(request, lambda stills, video_id: stills.frame(video_id, at, kind), named=True)


async def _still(request: Request, make: Callable[[Stills, str], Path], *, named: bool) -> Response:
    video_id = request.path_params["id"]
    owner = person_of(request)
    if owner is None:
        return _nothing()
    mine = get_runtime().for_person(owner)
    try:
        path = await asyncio.to_thread(make, mine.stills, video_id)
        kind = path.suffix.removeprefix(".")
        name = await asyncio.to_thread(mine.library.name_of, video_id, kind) if named else None
    except NotFoundError:
        return _nothing()
    except MediaError as error:
        return PlainTextResponse(error.code, 422, headers={"cache-control": "no-store"})
    return _file(path, _PICTURE_TYPES[kind], name)


def picture_file(path: Path | None, save_as: str | None) -> Response:
    """Answer with a picture of ours, always a JPEG."""
    return _nothing() if path is None else _file(path, "image/jpeg", save_as)


def _nothing() -> Response:
    return PlainTextResponse("not found", 404, headers={"cache-control": "no-store"})


def _away(error: MediaError) -> Response:
    return PlainTextResponse(error.code, 503, headers={"cache-control": "no-store"})


def _kept(request: Request, file: Path | Far, media_type: str, save_as: str | None) -> Response:
    """Answer with a file wherever it lies."""
    if isinstance(file, Path):
        return _file(file, media_type, save_as)
    return far_answer(request, file, media_type, save_as, _HEADERS)


def _file(path: Path, media_type: str, save_as: str | None) -> Response:
    if not path.is_file():  # moved away by hand: say so instead of failing half way through the answer
        return _nothing()
    return FileResponse(path, media_type=media_type, headers=_HEADERS, filename=save_as)
