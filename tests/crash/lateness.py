"""How late this machine itself is: a thread that wants to wake each 5 ms tells when it could not."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

STEP_SECONDS = 0.005


class Lateness:
    """Measures while the block of `measuring` runs."""

    def __init__(self) -> None:
        self._late: deque[tuple[float, float]] = deque(maxlen=4000)
        self._over = threading.Event()

    @contextmanager
    def measuring(self) -> Iterator[Lateness]:
        """Measure until the block ends."""
        thread = threading.Thread(target=self._measure, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    def _measure(self) -> None:
        last = time.monotonic()
        while not self._over.wait(STEP_SECONDS):
            now = time.monotonic()
            self._late.append((now, max(0.0, now - last - STEP_SECONDS)))
            last = now

    def before(self, moment: float, seconds: float = 0.5) -> float:
        """Return by how many seconds it was late altogether in the `seconds` before a moment."""
        return sum(
            late for at, late in list(self._late) if moment - seconds <= at <= moment + 0.05 and late > STEP_SECONDS
        )
