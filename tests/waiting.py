"""Waiting for a condition instead of sleeping and hoping."""

from __future__ import annotations

import time
from collections.abc import Callable

SOON_SECONDS = 8.0
"""At once, on however slow a machine: below every time-out of the application (the store's is ten seconds)."""


def wait_until(condition: Callable[[], object], *, seconds: float = 60.0, step_seconds: float = 0.01) -> None:
    """Return as soon as the condition holds; a long deadline costs nothing where all is well.

    Raises:
        AssertionError: it never did within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(step_seconds)


def becomes(look: Callable[[], object], wanted: object, *, seconds: float = 30.0, step_seconds: float = 0.1) -> None:
    """Look until it is as wanted; where it never is, say how it was at the end.

    Raises:
        AssertionError: it was something else after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while (seen := look()) != wanted and time.monotonic() < deadline:
        time.sleep(step_seconds)
    assert seen == wanted, f"{seen!r} after {seconds} s"
