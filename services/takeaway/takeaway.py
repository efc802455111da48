"""One person's door to what is carried away and brought in; what stands behind it is loaded when it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.database import Database
from services.jobs.hand import Hand
from services.jobs.runs import Run
from services.library.selection import Selection, Selections
from services.settings import Settings

if TYPE_CHECKING:
    from services.endpoint.redact import Redactor
    from services.prompts.waiting import Laid, Waiting
    from services.takeaway.bringing import Brought

BRINGING: Final = "bring"
TABLES: Final = (".csv", ".tsv")
MAX_TABLE: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Takeaway:
    """Take away and bring in."""

    database: Database
    settings: Settings
    selections: Selections
    redactor: Callable[[], Redactor]
    hand: Hand
    waiting: Waiting

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self.selections.library.owner

    def pieces(self, chosen: Selection) -> Iterator[bytes]:
        """Yield a zip of what is chosen, made while it is asked for."""
        from services.takeaway.export import Export

        return Export(self.owner, self.database, self.settings, self.selections, self.redactor).pieces(chosen)

    def bring(self, path: Path) -> Brought:
        """Bring in a folder or a zip.

        Raises:
            ImportRefusedError: nothing of it can be, or should be.
        """
        from services.takeaway.bringing import Bringing

        return Bringing(self.owner, self.database, self.settings).bring(path)

    def place(self) -> tuple[Path, int]:
        """Return an empty file for something to bring in, and how many bytes it may hold.

        Raises:
            ImportRefusedError: nothing can be written there (import_no_room).
        """
        from services.takeaway.sources import put_down, room_for

        return put_down(self.settings.home), room_for(self.settings.home, self.settings.free_floor_bytes)

    def take_in(self, path: Path, name: str) -> Laid | None:
        """Bring in what lies at `path`, which is deleted: a table at once, a zip aside (`hand.runs` tells how far).

        Raises:
            StateError: something is being done to many already.
            ImportRefusedError: it is no table of prompts (import_table).
        """
        if name.lower().endswith(TABLES):
            with path.open("rb") as table:
                laid = self.waiting.lay(table.read(MAX_TABLE + 1))
            path.unlink(missing_ok=True)
            return laid
        self.hand.runs.begin(self.owner, Run(kind=BRINGING, value=name[:200]), lambda run: self._bring(run, path))
        return None

    def _bring(self, run: Run, path: Path) -> None:
        from services.takeaway.bringing import Bringing, Brought

        def go_on() -> bool:
            _tell(run, brought)
            return not run.stopping

        brought = Brought()
        try:
            Bringing(self.owner, self.database, self.settings).bring(path, brought=brought, go_on=go_on)
        finally:
            _tell(run, brought)
            path.unlink(missing_ok=True)


def _tell(run: Run, brought: Brought) -> None:
    run.changed, run.refused = brought.new, brought.left_out + type(brought.left_out)(here=brought.here)
    run.done = run.changed + run.refused.total()
