"""`PUT /api/drafts/create`: what is being typed, kept while it is typed."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from pages.shared.people import person_of
from pages.shared.runtime import get_runtime
from services.errors import DailiesError

_NAMES = frozenset({"create"})
_MAX_BYTES = 400_000  # four times the largest prompt: a draft may be too long to send and still not be lost


async def save_draft(request: Request) -> Response:
    """Keep the body as the draft. 413 too long, 503 when the database cannot."""
    runtime = get_runtime()
    owner = person_of(request)
    name = request.path_params["name"]
    if owner is None:
        return PlainTextResponse("not yours", 403)
    if name not in _NAMES:
        return PlainTextResponse("not found", 404)
    try:
        body = await _body(request)
    except ClientDisconnect:
        return Response(status_code=400)
    if body is None:
        return PlainTextResponse("too long", 413)
    try:
        await asyncio.to_thread(runtime.for_person(owner).drafts.save, body.decode(errors="replace"), name)
    except DailiesError as error:
        return PlainTextResponse(error.code, 503)
    return Response(status_code=204)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_BYTES:
            return None
    return body
