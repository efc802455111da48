"""One person's door to what is carried away and brought in; what stands behind it is loaded when it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from db.database import Database
from services.jobs.hand import Hand
from services.jobs.runs import Run
from services.library.selection import Selection, Selections
from services.settings import Settings

if TYPE_CHECKING:
    from services.endpoint.redact import Redactor
    from services.takeaway.bringing import Brought

BRINGING = "bring"


@dataclass(frozen=True, slots=True)
class Takeaway:
    """Take away and bring in."""

    database: Database
    settings: Settings
    selections: Selections
    redactor: Callable[[], Redactor]
    hand: Hand

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self.selections.library.owner

    def pieces(self, chosen: Selection) -> Iterator[bytes]:
        """Yield a zip of what is chosen, made while it is asked for."""
        from services.takeaway.export import Export

        return Export(self.owner, self.database, self.settings.home, self.selections, self.redactor).pieces(chosen)

    def bring(self, path: Path) -> Brought:
        """Bring in a folder or a zip.

        Raises:
            ImportRefusedError: nothing of it can be, or should be.
        """
        from services.takeaway.bringing import Bringing

        return Bringing(self.owner, self.database, self.settings).bring(path)

    def begin_bringing(self, data: bytes, name: str) -> None:
        """Bring in a zip that was uploaded, aside; `hand.runs` tells how far it is.

        Raises:
            StateError: something is being done to many already.
            ImportRefusedError: there is no room to put it down (import_no_room).
        """
        from services.takeaway.sources import put_down

        path = put_down(self.settings.home, data)
        try:
            self.hand.runs.begin(self.owner, Run(kind=BRINGING, value=name[:200]), lambda run: self._bring(run, path))
        except BaseException:
            path.unlink(missing_ok=True)
            raise

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
