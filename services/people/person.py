"""Who somebody is, and what that lets them do. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LOCAL = "local"
"""The space of an installation without people; the first administrator takes it over."""


class Role(StrEnum):
    """What a person may do. Each is stored as itself and never renamed."""

    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    VIEWER = "viewer"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in. `space` is the owner of their rows."""

    id: str
    space: str
    email: str
    name: str
    role: Role

    @property
    def let_in(self) -> bool:
        """Whether an administrator has let them in."""
        return self.role is not Role.WAITING

    @property
    def may_change(self) -> bool:
        """Whether they may send and keep things; a viewer looks at what others share."""
        return self.role in {Role.MEMBER, Role.ADMINISTRATOR}

    @property
    def administers(self) -> bool:
        """Whether they say who may do what."""
        return self.role is Role.ADMINISTRATOR


def id_of(issuer: str, subject: str) -> str:
    """Return the one stable id of whom an issuer calls `subject`; emails and names change, and may be reused.

    Letters and digits only: it stands in the search index (db.search_text).

    >>> id_of("https://a.example", "1") == id_of("https://a.example1", "")
    False
    """
    return "p" + hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode()).hexdigest()[:40]


def is_named(claims: Mapping[str, Any], id: str, wanted: str) -> bool:
    """Tell whether a setting names this person: by id, or by an email their provider has verified.

    An email nobody verified proves nothing: some providers let people type any.

    >>> is_named({"email": "A@b.example", "email_verified": True}, "p1", "a@b.example")
    True
    >>> is_named({"email": "a@b.example"}, "p1", "a@b.example"), is_named({}, "p1", "p1"), is_named({}, "p1", "")
    (False, True, False)
    """
    if wanted and wanted == id:
        return True
    verified = claims.get("email_verified") is True
    return bool(wanted) and verified and str(claims.get("email") or "").casefold() == wanted.casefold()
