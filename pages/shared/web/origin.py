"""Whether a browser's request comes from our own pages. Streamlit checks nothing on own routes (STREAMLIT 3)."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def same_origin(connection: HTTPConnection, public_url: str | None) -> bool:
    """Return whether the Origin header is there and names this server.

    Behind a proxy the Host header may be rewritten; `DAILIES_PUBLIC_URL` then says what the browser sees.
    """
    origin = connection.headers.get("origin")
    if not origin:
        return False
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return False
    allowed = {connection.headers.get("host", "")}
    if public_url:
        allowed.add(urlsplit(public_url).netloc)
    return parts.netloc in allowed
