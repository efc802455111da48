"""What the executing process does on the side: empty the trash, remember older prompts."""

from __future__ import annotations

from pathlib import Path

from db.database import Database
from services.emptying import Emptying
from services.remembering import Remembering


class Chores:
    """The threads of a house that nobody waits for."""

    def __init__(self, database: Database, home: Path) -> None:
        self._threads = (Emptying(database, home), Remembering(database))

    def begin(self) -> None:
        """Do them from now on."""
        for thread in self._threads:
            thread.begin()

    def close(self) -> None:
        """Stop, within a few seconds."""
        for thread in self._threads:
            thread.close()
