"""`PUT /api/incoming?name=…`: a file to bring in, written to the disk as it comes. Its size costs no memory.

Streamlit's own uploads lie in memory, and are kept small for that reason (.streamlit/config.toml).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pages.shared.people import person_of
from pages.shared.runtime import get_runtime
from services.errors import DailiesError, ImportRefusedError

if TYPE_CHECKING:
    from pathlib import Path


async def bring_in(request: Request) -> Response:
    """Take the body in: 202 and what came of a table (`{}` for a zip: a run tells the rest), or 400 and why not."""
    owner = person_of(request)
    if owner is None:
        return PlainTextResponse("not yours", 403)
    takeaway = get_runtime().for_person(owner).takeaway
    try:
        path, room_bytes = await asyncio.to_thread(takeaway.place)
    except ImportRefusedError as error:
        return JSONResponse({"code": error.code}, 400)
    try:
        await _written(request, path, room_bytes)
        laid = await asyncio.to_thread(takeaway.take_in, path, request.query_params.get("name", ""))
    except ClientDisconnect:
        path.unlink(missing_ok=True)
        return Response(status_code=400)
    except DailiesError as error:
        path.unlink(missing_ok=True)
        return JSONResponse({"code": error.code}, 400)
    said = {} if laid is None else {"new": laid.new, "here": laid.here, "no_room": laid.no_room}
    return JSONResponse(said, 202)


async def _written(request: Request, path: Path, room_bytes: int) -> None:
    """Write the body to a file.

    Raises:
        ImportRefusedError: there is no room for it (import_no_room).
    """
    size = 0
    with path.open("wb") as file:
        async for piece in request.stream():
            size += len(piece)
            if size > room_bytes:
                raise ImportRefusedError("no room for it", code="import_no_room")
            try:
                await asyncio.to_thread(file.write, piece)
            except OSError as error:
                raise ImportRefusedError("no room for it", code="import_no_room") from error
