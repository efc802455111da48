"""Every address of ours. Streamlit's own prefixes (`/_stcore /media /component /static`) are not to be used."""

from __future__ import annotations

from typing import Final

from starlette.routing import BaseRoute, Route, WebSocketRoute

from pages.shared.web.drafts import save_draft
from pages.shared.web.files import poster, video
from pages.shared.web.health import healthz
from pages.shared.web.live import live

ROUTES: Final[list[BaseRoute]] = [
    WebSocketRoute("/api/generations/{id}/live", live),
    Route("/api/drafts/{name}", save_draft, methods=["PUT"]),
    Route("/app/static/media/{id}", video, methods=["GET"]),  # Starlette answers HEAD with it
    Route("/app/static/poster/{id}", poster, methods=["GET"]),
    Route("/healthz", healthz, methods=["GET"]),
]
