"""`/healthz`, `/readyz`, `/metrics`: whether it lives, whether it takes visitors, and its figures."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pages.shared.runtime import get_runtime
from services.errors import StoreError

_HEADERS = {"cache-control": "no-store"}


async def healthz(request: Request) -> Response:
    """Answer `{"status":"ok"}`, or 503 and `{"status":"failing"}`, with the code of the trouble where it is known."""
    try:
        runtime = get_runtime()
        well, trouble = await asyncio.to_thread(runtime.health), runtime.trouble
    except StoreError as error:
        well, trouble = False, error.code
    said = {"status": "ok" if well else "failing"} | ({} if well or trouble is None else {"trouble": trouble})
    return JSONResponse(said, 200 if well else 503, headers=_HEADERS)


async def readyz(request: Request) -> Response:
    """Answer each check by name; 503 while this process should get no visitors (a full disk, a stop)."""
    try:
        ready = await asyncio.to_thread(get_runtime().ready)
    except StoreError as error:
        return JSONResponse({"status": "not ready", "trouble": error.code}, 503, headers=_HEADERS)
    said: dict[str, object] = {"status": "ready" if ready.well else "not ready", "checks": dict(ready.checks)}
    return JSONResponse(said | ({"trouble": ready.trouble} if ready.trouble else {}), 200 if ready.well else 503)


async def metrics(request: Request) -> Response:
    """Answer Prometheus; 403 to whoever is neither on this machine nor holds `DAILIES_METRICS_TOKEN`."""
    from services.seen.exposition import CONTENT_TYPE
    from services.seen.readiness import may_read

    runtime = get_runtime()
    if not may_read(runtime.settings, request.client.host if request.client else None, request.headers):
        return PlainTextResponse("from this machine only, or with DAILIES_METRICS_TOKEN", 403, headers=_HEADERS)
    return Response(await asyncio.to_thread(runtime.metrics), media_type=CONTENT_TYPE, headers=_HEADERS)
