"""Who may do what. Today there is one person, on this machine alone, and they administer it."""

from __future__ import annotations

from services.errors import NotAllowedError


def is_administrator(person: str) -> bool:
    """Tell whether someone may set budgets and let them be passed."""
    return bool(person)


def check_administrator(person: str) -> None:
    """Return if they may.

    Raises:
        NotAllowedError: they may not.
    """
    if not is_administrator(person):
        raise NotAllowedError("only an administrator may do this")
