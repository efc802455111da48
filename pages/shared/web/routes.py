"""Every address of ours. Streamlit's own prefixes (`/_stcore /media /component /static`) are not to be used."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from pages.shared.web.audit import audit_csv
from pages.shared.web.drafts import save_draft
from pages.shared.web.files import frame, poster, sheet, video
from pages.shared.web.health import healthz, metrics, readyz
from pages.shared.web.incoming import bring_in
from pages.shared.web.live import live, live_tab
from pages.shared.web.marks import save_mark
from pages.shared.web.pictures import keep_picture, picture, sample
from pages.shared.web.takeaway import take_away
from pages.shared.web.verdicts import save_verdict
from services.errors import StoreError

_Answer = Callable[[Request], Awaitable[Response]]


def _or_503(answer: _Answer) -> _Answer:
    """Make a route say 503 while the database cannot be used, instead of failing."""

    @functools.wraps(answer)
    async def asked(request: Request) -> Response:
        try:
            return await answer(request)
        except StoreError as error:
            return PlainTextResponse(error.code, 503, headers={"cache-control": "no-store"})

    return asked


ROUTES: Final[list[BaseRoute]] = [
    WebSocketRoute("/api/generations/{id}/live", live),
    WebSocketRoute("/api/tabs/{tab}/live", live_tab),
    Route("/api/generations/{id}/marks", _or_503(save_mark), methods=["POST"]),
    Route("/api/generations/{id}/verdict", _or_503(save_verdict), methods=["POST"]),
    Route("/api/drafts/{name}", _or_503(save_draft), methods=["PUT"]),
    Route("/api/incoming", _or_503(bring_in), methods=["PUT"]),
    Route("/api/takeaway", _or_503(take_away), methods=["GET"]),
    Route("/app/static/media/{id}", _or_503(video), methods=["GET"]),  # Starlette answers HEAD with it
    Route("/app/static/poster/{id}", _or_503(poster), methods=["GET"]),
    Route("/app/static/sheet/{id}", _or_503(sheet), methods=["GET"]),
    Route("/app/static/frame/{id}", _or_503(frame), methods=["GET"]),
    Route("/api/pictures", _or_503(keep_picture), methods=["POST"]),
    Route("/app/static/picture/{id}", _or_503(picture), methods=["GET"]),
    Route("/app/static/sample/{name}", _or_503(sample), methods=["GET"]),
    Route("/api/audit.csv", _or_503(audit_csv), methods=["GET"]),
    Route("/healthz", healthz, methods=["GET"]),
    Route("/readyz", readyz, methods=["GET"]),
    Route("/metrics", _or_503(metrics), methods=["GET"]),
]
