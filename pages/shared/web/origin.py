"""Whether a request comes from our own pages. Streamlit checks nothing on own routes (STREAMLIT 3)."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed


def known_host(connection: HTTPConnection, public_url: str | None) -> bool:
    """Return whether the request calls us by a name of ours (`server.allowedHosts`, `DAILIES_PUBLIC_URL`).

    Streamlit asks its own list for its own socket only.
    """
    host = connection.headers.get("host")
    return is_host_allowed(host) or (public_url is not None and host == urlsplit(public_url).netloc)


def same_origin(connection: HTTPConnection, public_url: str | None) -> bool:
    """Return whether the Origin header is there and names this server.

    Behind a proxy the Host header may be rewritten; `DAILIES_PUBLIC_URL` then says what the browser sees.
    """
    parts = urlsplit(connection.headers.get("origin") or "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return False
    seen = {(connection.headers.get("x-forwarded-proto") or connection.url.scheme, connection.headers.get("host"))}
    public = urlsplit(public_url or "")
    return (parts.scheme, parts.netloc) in {
        *((scheme.replace("ws", "http"), host) for scheme, host in seen),
        (public.scheme, public.netloc),
    }
