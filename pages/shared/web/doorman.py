"""Who sends a request, where people sign in: looked up once, before any route, and never on the event loop.

Who is not let in, or only looks, changes nothing, whichever address they find, Streamlit's uploads included. Its way
out (`/auth/logout`) only takes the cookie from that browser; here the sign-in itself ends, so that no other tab, open
socket or copy of the cookie goes on with it.
"""

from __future__ import annotations

import asyncio

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.shared.people import SCOPE, person_behind, sign_in_of, team
from pages.shared.runtime import get_runtime
from services.errors import StoreError

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_OUT = "/auth/logout"


class Doorman:
    """Puts the person into the scope; plain ASGI, and nothing at all in an installation without people."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its person; 403 where they may not do what it asks, 503 if nobody can tell."""
        if scope["type"] not in ("http", "websocket") or not team():
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            person = await asyncio.to_thread(person_behind, connection.cookies)
            if scope["path"].endswith(_SIGN_OUT):
                await asyncio.to_thread(_end, connection)
        except StoreError:  # the frame shows why; our routes know nobody
            person = None
        scope[SCOPE] = person
        changes = scope["type"] == "http" and scope["method"] not in _READING
        if changes and (person is None or not person.may_change):
            await PlainTextResponse("not yours", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _end(connection: HTTPConnection) -> None:
    sign_in = sign_in_of(connection.cookies)
    if sign_in is not None:
        get_runtime().people.leave(sign_in.id)
