"""Remembered choices of one person, such as the language."""

from __future__ import annotations

from dataclasses import dataclass

from db import preferences as rows
from db.database import Database


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices, by name."""

    owner: str
    database: Database

    def get(self, name: str) -> str | None:
        """Return a choice; None if none was made."""
        with self.database.reading() as session:
            return rows.get(session, self.owner, name)

    def set(self, name: str, value: str) -> None:
        """Remember a choice."""
        with self.database.transaction() as session:
            rows.set(session, self.owner, name, value)
