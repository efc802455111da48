"""`GET /api/takeaway`: a zip of what is chosen, by ids or by a view of the library, made while it is sent.

Whose it is comes from the request alone: ids of somebody else's choose nothing. No address holds a secret.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from pages.shared.people import person_of
from pages.shared.runtime import get_runtime
from services.clock import utc_now

if TYPE_CHECKING:
    from services.for_person import ForPerson
    from services.library.selection import Selection

_MAX_IDS: Final = 2_000
_A_DAY: Final = 24 * 60
_HEADERS: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


async def take_away(request: Request) -> Response:
    """Send the zip, or 404 when nothing is chosen.

    `ids=a,b` names generations, `search` a saved search; else `q`, `shelf`, `collection` and `offset` name a view.
    """
    owner = person_of(request)
    if owner is None:
        return PlainTextResponse("not yours", 403)
    mine = get_runtime().for_person(owner)
    chosen = await asyncio.to_thread(chosen_by, request.query_params, mine)
    if chosen is None or not await asyncio.to_thread(mine.selections.count, chosen):
        return PlainTextResponse("nothing is chosen", 404, headers=_HEADERS)
    name = f"dailies-{utc_now():%Y-%m-%d}.zip"
    headers = {**_HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    if request.method == "HEAD":
        return Response(headers=headers, media_type="application/zip")
    return StreamingResponse(mine.takeaway.pieces(chosen), media_type="application/zip", headers=headers)


def chosen_by(said: QueryParams, mine: ForPerson) -> Selection | None:
    """Return what an address chooses; None if it is none of ours."""
    ids = tuple(one for one in said.get("ids", "").split(",") if one)[:_MAX_IDS]
    if ids:
        return mine.selections.of_ids(ids)
    if "search" in said:
        saved = next((one for one in mine.saved_searches.all() if one.id == said["search"]), None)
        return None if saved is None else _by_view(QueryParams(saved.query), mine)
    return _by_view(said, mine)


def _by_view(said: QueryParams, mine: ForPerson) -> Selection | None:
    from services.library.asking import Shelf, View

    try:
        shelf, offset = Shelf(said.get("shelf", Shelf.ALL)), int(said.get("offset", "0"))
    except ValueError:
        return None
    if not -_A_DAY < offset < _A_DAY:
        return None
    view = View(text=said.get("q", ""), shelf=shelf, collection=said.get("collection", ""), offset_minutes=offset)
    return mine.selections.of_view(view)
