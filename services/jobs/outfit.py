"""What sends and what saves: made on first need, or a moment after the start.

Both bring HTTP, the reader of answers and the guarded downloads with them: 0.1 s of processor time that the first page
need not wait for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.jobs.runner import Runner
    from services.media.keep import Keeper

WARM_SECONDS = 5.0  # or with the first work, whichever is sooner
logger = logging.getLogger(__name__)


class Outfit:
    """The runner of streams and the keeper of videos, one of each."""

    def __init__(self, make: Callable[[], tuple[Runner, Keeper]]) -> None:
        self._make = make
        self._turn = threading.Lock()
        self._made: tuple[Runner, Keeper] | None = None
        self._timer: threading.Timer | None = None
        self._begun = False

    @property
    def runner(self) -> Runner:
        """What streams generations."""
        return self._both()[0]

    @property
    def keeper(self) -> Keeper:
        """What saves videos."""
        return self._both()[1]

    def warm(self, then: Callable[[], object]) -> None:
        """Make both in a moment, and then call."""
        timer = threading.Timer(WARM_SECONDS, self._warm, (then,))
        timer.name, timer.daemon = "outfit", True
        timer.start()
        self._timer = timer  # not before it runs: a close meanwhile would join it

    def begin(self) -> None:
        """Make both beside whoever calls, for there is work."""
        if self._made is None and not self._begun:
            self._begun = True
            threading.Thread(target=self._both, name="outfit", daemon=True).start()

    def close(self) -> None:
        """Stop what is being saved."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join(3.0)
        with self._turn:
            made = self._made
        if made is not None:
            made[1].close()

    def _warm(self, then: Callable[[], object]) -> None:
        try:
            self._both()
            then()
        except Exception:
            logger.exception("what sends and saves could not be made ready")

    def _both(self) -> tuple[Runner, Keeper]:
        with self._turn:
            if self._made is None:
                self._made = self._make()
            return self._made
