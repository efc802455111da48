"""Drafts: what someone has typed and not sent. A reload, a crash or another device finds it again."""

from __future__ import annotations

from dataclasses import dataclass

from db import drafts as rows
from db.database import Database
from services.clock import utc_now
from services.endpoint.text import clean
from services.errors import PromptError

MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Drafts:
    """One person's drafts, by name."""

    owner: str
    database: Database

    def load(self, name: str = "create") -> str:
        """Return a draft; empty if there is none."""
        with self.database.reading() as session:
            return rows.load(session, self.owner, name)

    def save(self, text: str, name: str = "create") -> None:
        """Keep a draft in place of the one before.

        Raises:
            PromptError: over 1 MB; no prompt is.
            StoreError: it could not be kept.
        """
        if len(text.encode("utf-8", "replace")) > MAX_BYTES:
            raise PromptError("over 1 MB", code="prompt_too_long")
        with self.database.transaction() as session:
            rows.save(session, self.owner, clean(text), utc_now(), name)
