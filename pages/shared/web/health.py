"""`/healthz`: whether the database and the workers are alive."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pages.shared.runtime import get_runtime
from services.errors import StoreError


async def healthz(request: Request) -> Response:
    """Answer `{"status":"ok"}`, or 503 and `{"status":"failing"}`, with the code of the trouble where it is known."""
    try:
        runtime = get_runtime()
        well, trouble = await asyncio.to_thread(runtime.health), runtime.trouble
    except StoreError as error:
        well, trouble = False, error.code
    said = {"status": "ok" if well else "failing"} | ({} if well or trouble is None else {"trouble": trouble})
    return JSONResponse(said, 200 if well else 503, headers={"cache-control": "no-store"})
