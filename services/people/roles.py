"""Who may do what: whoever acts as an administrator is named to us (pages.shared.people.acting), nobody else is."""

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
