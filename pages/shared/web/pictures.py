"""`POST /api/pictures`: a picture from outside; `/app/static/picture/{sha256}`: one of one's own, to be seen or saved.

Samples of looks and templates lie beside them: they are nobody's, and drawn when the first browser asks.
"""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from pages.shared.people import person_of
from pages.shared.runtime import get_runtime
from pages.shared.web.files import picture_file
from services.errors import PictureError
from services.pictures.shape import LARGEST_BYTES

_SAMPLE_CACHE = "private, max-age=3600"


async def keep_picture(request: Request) -> Response:
    """Keep the body and answer the name it is kept under. 413 too large, 400 no picture; the body says the code."""
    owner = person_of(request)
    if owner is None:
        return PlainTextResponse("not yours", 403)
    try:
        data = await _body(request)
    except ClientDisconnect:
        return Response(status_code=400)
    if data is None:
        return PlainTextResponse("picture_too_large", 413)
    pictures = get_runtime().for_person(owner).pictures
    try:
        kept = await asyncio.to_thread(pictures.take_in, data)
    except PictureError as error:
        return PlainTextResponse(error.code, 400)
    return PlainTextResponse(kept.sha256, 201)


async def picture(request: Request) -> Response:
    """Serve a reference picture to its owner; `?download` asks for the file that the copied curl command reads."""
    owner, sha256 = person_of(request), request.path_params["id"]
    path = await asyncio.to_thread(get_runtime().for_person(owner).pictures.file, sha256) if owner else None
    return picture_file(path, "picture.jpg" if "download" in request.query_params else None)


async def sample(request: Request) -> Response:
    """Serve what the demo endpoint would draw of a look or a template."""
    path = await asyncio.to_thread(get_runtime().sample_file, request.path_params["name"])
    if path is None or not path.is_file():
        return PlainTextResponse("not found", 404, headers={"cache-control": "no-store"})
    return FileResponse(path, media_type="image/jpeg", headers={"cache-control": _SAMPLE_CACHE})


async def _body(request: Request) -> bytes | None:
    """Return the body; None as soon as it is larger than any picture may be."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST_BYTES:
            return None
        pieces.append(piece)
    return b"".join(pieces)
