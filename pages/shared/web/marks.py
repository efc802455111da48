"""`POST /api/generations/{id}/marks`: a favourite or a rating, kept the moment it is given; no script runs for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from pages.shared.people import person_of
from pages.shared.runtime import get_runtime
from services.errors import MarkError, NotFoundError

if TYPE_CHECKING:
    from services.library.marks import Marks

_MAX_BYTES = 200


async def save_mark(request: Request) -> Response:
    """Keep `{"favourite": bool}` or `{"rating": 1-5 or null}`: 204; 400 not such a thing, 404 no such generation."""
    owner = person_of(request)
    if owner is None:
        return PlainTextResponse("not yours", 403)
    try:
        mark = _mark(await request.body(), request.path_params["id"])
    except (ClientDisconnect, ValueError):
        return PlainTextResponse("not a mark", 400)
    try:
        await asyncio.to_thread(mark, get_runtime().for_person(owner).marks)
    except MarkError as error:
        return PlainTextResponse(error.code, 400)
    except NotFoundError as error:
        return PlainTextResponse(error.code, 404)
    return Response(status_code=204)


def _mark(body: bytes, generation_id: str) -> Callable[[Marks], None]:
    """Read what shall be done.

    Raises:
        ValueError: nothing of ours.
    """
    said = json.loads(body[:_MAX_BYTES])
    match said:
        case {"favourite": bool(favourite)} if len(said) == 1:
            return lambda marks: marks.set_favourite(generation_id, favourite)
        case {"rating": None} if len(said) == 1:
            return lambda marks: marks.rate(generation_id, None)
        case {"rating": int(rating)} if len(said) == 1 and not isinstance(rating, bool):
            return lambda marks: marks.rate(generation_id, rating)
    raise ValueError("not a mark")
