"""What the queries about a team hand out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """Somebody who signed in at least once."""

    id: str
    space: str
    email: str
    name: str
    role: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One line of the audit. `email` is today's, "" where the person is not known (any more)."""

    seq: int
    at: dt.datetime
    who: str
    email: str
    action: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCollection:
    """A collection somebody shows to all; `of` is that person's name, or email."""

    id: str
    name: str
    of: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFilm:
    """A generation in a shared collection as others see it: its words and its kept videos, nothing of its bill."""

    seq: int
    prompt: str
    model: str
    created_at: dt.datetime
    video_ids: tuple[str, ...]
