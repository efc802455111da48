"""What is being done to many at once in this process: it goes on when the page is left, and says how far it is."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.errors import DailiesError, StateError

if TYPE_CHECKING:
    from services.library.selection import Selection

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """One thing done to many, as it goes. `kind` and `value` say what was asked; `refused` counts by reason.

    `error` is the code that ended it before its time; `undo` what would take it back, once it has ended.
    """

    kind: str
    value: str = ""
    total: int = 0
    done: int = 0
    changed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    ended: bool = False
    stopping: bool = False
    error: str | None = None
    undo: Selection | None = None


class Runs:
    """At most one run a person."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closing = False

    def begin(self, owner: str, run: Run, work: Callable[[Run], object]) -> None:
        """Do `work(run)` aside; it looks at `run.stopping` between its parts.

        Raises:
            StateError: another run of this person is not over (many_busy).
        """
        with self._lock:
            before = self._runs.get(owner)
            if self._closing or (before is not None and not before.ended):
                raise StateError("something is being done to many already", code="many_busy")
            self._runs[owner] = run
            thread = threading.Thread(target=self._carry_out, args=(run, work), name="many", daemon=True)
            self._threads[:] = [one for one in self._threads if one.is_alive()] + [thread]
            thread.start()

    def of(self, owner: str) -> Run | None:
        """Return a person's run, or their last; None if there was none, or its result was seen."""
        return self._runs.get(owner)

    def seen(self, owner: str) -> None:
        """Forget a run that has ended."""
        with self._lock:
            run = self._runs.get(owner)
            if run is not None and run.ended:
                del self._runs[owner]

    def close(self) -> None:
        """Let every run end after the part it is at, and wait a little for that."""
        with self._lock:
            self._closing = True
            for run in self._runs.values():
                run.stopping = True
        for thread in self._threads:
            thread.join(5.0)

    def _carry_out(self, run: Run, work: Callable[[Run], object]) -> None:
        try:
            work(run)
        except DailiesError as error:
            run.error = error.code
        except Exception:
            logger.exception("something done to many broke off")
            run.error = "error"
        finally:
            run.ended = True
