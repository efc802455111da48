"""Who is looking. A single-person installation has one owner; sign-in will change these two functions only."""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection

from pages.shared.runtime import get_runtime
from pages.shared.web.origin import known_host

LOCAL: Final = "local"


def signed_in() -> str:
    """Return the owner that the page's rows belong to."""
    return LOCAL


def person_of(connection: HTTPConnection) -> str | None:
    """Return the owner behind a request to one of our routes, or None if nobody may be meant."""
    return LOCAL if known_host(connection, get_runtime().settings.public_url) else None
