"""Which software answered, as its headers' names betray it. Names only: a value may hold anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable

MARKS = frozenset(
    {"x-oneapi-request-id", "x-new-api-version", "x-request-id", "cf-ray", "x-openrouter-provider", "via"}
)
"""Header names that tell relays apart (PROTOCOL 2.4), in lower case."""


def relay_marks(names: Iterable[str]) -> tuple[str, ...]:
    """Return a flag for each header name that tells something.

    >>> relay_marks(["Content-Type", "X-Oneapi-Request-Id"])
    ('header:x-oneapi-request-id',)
    """
    return tuple(f"header:{name}" for name in sorted({name.lower() for name in names} & MARKS))
