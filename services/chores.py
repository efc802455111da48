"""What the executing process does on the side: empty the trash, remember older prompts."""

from __future__ import annotations

from db.database import Database
from services.emptying import Emptying
from services.remembering import Remembering
from services.settings import Settings


class Chores:
    """The threads of a house that nobody waits for."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._threads = (Emptying(database, settings), Remembering(database))

    def begin(self) -> None:
        """Do them from now on."""
        for thread in self._threads:
            thread.begin()

    def close(self) -> None:
        """Stop, within a few seconds."""
        for thread in self._threads:
            thread.close()
