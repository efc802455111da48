"""`/healthz`: whether the database and the workers are alive."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pages.shared.runtime import get_runtime


async def healthz(request: Request) -> Response:
    """Answer `{"status":"ok"}`, or 503 and `{"status":"failing"}`."""
    well = await asyncio.to_thread(get_runtime().health)
    return JSONResponse(
        {"status": "ok" if well else "failing"}, 200 if well else 503, headers={"cache-control": "no-store"}
    )
