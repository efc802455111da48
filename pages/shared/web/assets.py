"""Streamlit's own scripts, styles and fonts, answered in one go.

The first page of a fresh browser wants a hundred of them, and Streamlit's way takes five hops between threads for
each: a tenth of the processor time from start to prompt box (docs/benchmarks.md, "Starting"). Their names hold a hash
of what is in them, so nobody asks for one twice.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

import streamlit
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import STATIC_ASSET_CACHE_MAX_AGE_SECONDS

_FOLDERS = ("js", "css", "media")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}  # Windows' own list may say otherwise
_HEADERS = {"cache-control": f"public, immutable, max-age={STATIC_ASSET_CACHE_MAX_AGE_SECONDS}"}


class Assets:
    """Answers GET for a file that lay in Streamlit's folders at the start; all else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        static = Path(streamlit.__file__).parent / "static" / "static"
        self._files = {
            f"/static/{folder}/{file.name}": file
            for folder in _FOLDERS
            for file in (static / folder).iterdir()
            if file.is_file()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        file = self._files.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if file is None:
            await self._app(scope, receive, send)
            return
        media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        await Response(file.read_bytes(), media_type=media_type, headers=_HEADERS)(scope, receive, send)
