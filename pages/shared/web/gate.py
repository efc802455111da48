"""The gate before every address, Streamlit's own included: who may ask at all.

Three rules, each against a way in that a browser opens for other sites:
- the name we are called by is ours. A foreign name made to point to this machine (DNS rebinding) has an Origin that
  equals its Host, so the origin alone would let it in;
- a WebSocket comes from our own pages: browsers let any site open one. Streamlit's own lets through a missing Origin
  and every `http://localhost:PORT` (STREAMLIT 7);
- so does whatever changes something: any site may send a form to this machine.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.shared.web.origin import known_host, same_origin

_POLICY_VIOLATION = 1008
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    """Refuses what no page of ours sends, before any route hears of it. Plain ASGI: streams pass untouched."""

    def __init__(self, app: ASGIApp, public_url: str | None = None) -> None:
        """Stand before `app`; `public_url` is what browsers see when a proxy stands before us."""
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer 421 (called by a foreign name), 403 (sent by a foreign page) or 404 (a NUL)."""
        status = 0 if scope["type"] not in ("http", "websocket") else self._refusal(HTTPConnection(scope))
        if not status:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": ""})
        else:
            said = "not found" if status == 404 else "only from our own pages"
            await PlainTextResponse(said, status)(scope, receive, send)

    def _refusal(self, connection: HTTPConnection) -> int:
        if not known_host(connection, self._public_url):
            return 421
        if "\0" in connection.scope["path"]:  # nothing of ours has one in its address, and Postgres takes none
            return 404
        reading = connection.scope["type"] == "http" and connection.scope["method"] in _READING
        return 0 if reading or same_origin(connection, self._public_url) else 403
