"""Who is looking. A single-person installation has one owner; sign-in will change these two functions only."""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection

LOCAL: Final = "local"


def signed_in() -> str:
    """Return the owner that the page's rows belong to."""
    return LOCAL


def person_of(connection: HTTPConnection) -> str | None:
    """Return the owner behind a request that passed the gate (web/gate.py), or None if nobody may be meant."""
    return LOCAL


def sees_everybody() -> bool:
    """Tell whether who looks may see the sums of others."""
    return signed_in() == LOCAL
