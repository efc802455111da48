"""`POST /api/generations/{id}/verdict`: what is said of a clip in the morning reel; no script runs for it."""

from __future__ import annotations

import asyncio
import json

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from pages.shared.people import person_of
from pages.shared.runtime import get_runtime
from services.errors import MarkError, NotFoundError

_MAX_BYTES = 200


async def save_verdict(request: Request) -> Response:
    """Keep `{"verdict": "keep" | "bin" | "again" | null}`: 204; 400 not such a thing, 404 no such clip."""
    owner = person_of(request)
    if owner is None:
        return PlainTextResponse("not yours", 403)
    try:
        said = json.loads((await request.body())[:_MAX_BYTES])
        verdict = said["verdict"]
    except (ClientDisconnect, ValueError, KeyError, TypeError):
        return PlainTextResponse("not a verdict", 400)
    try:
        await asyncio.to_thread(get_runtime().for_person(owner).reels.judge, request.path_params["id"], verdict)
    except MarkError as error:
        return PlainTextResponse(error.code, 400)
    except NotFoundError as error:
        return PlainTextResponse(error.code, 404)
    return Response(status_code=204)
