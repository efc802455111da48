"""A person's own word on what models can be told: a file in the form of the built-in one, put before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from db import preferences as rows
from db.database import Database
from services.prompts.checked import Checked
from services.prompts.presets import Presets, built_in, load_presets, merged

NAME: Final = "presets"


@dataclass(frozen=True, slots=True)
class OwnPresets:
    """One person's presets."""

    owner: str
    database: Database

    def text(self) -> str:
        """Return the file as it was saved; empty if there is none."""
        with self.database.reading() as session:
            return rows.get(session, self.owner, NAME) or ""

    def save(self, text: str) -> Checked[Presets]:
        """Keep a file, or return everything that is wrong with it and keep the one before; blank means none.

        Raises:
            StoreError: it could not be kept.
        """
        read = load_presets(text) if text.strip() else Checked(Presets())
        if read.value is not None:
            with self.database.transaction() as session:
                rows.set(session, self.owner, NAME, text.strip())
        return read


@lru_cache(maxsize=16)  # the same file is asked for at every run of a page
def presets_of(text: str) -> Presets:
    """Return the presets to go by: those of a person's file, then the built-in ones; a broken file counts as none."""
    own = load_presets(text).value if text.strip() else None
    return merged(own, built_in()) if own else built_in()
