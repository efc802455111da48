"""Threads that each carry one job to its end, and the waiting for all of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Crew:
    """Starts a thread a job. Daemons: a job that cannot end must not keep the process from ending."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = threading.Condition()
        self._busy = 0

    def begin(self, job: Callable[[], object]) -> None:
        """Run a job in a thread of its own; what it raises is logged."""
        with self._turn:
            self._busy += 1
        threading.Thread(target=self._carry, args=(job,), name=self._name, daemon=True).start()

    def wait_idle(self, timeout_seconds: float | None = None) -> bool:
        """Wait until every job is over, however long without a time; False if the time is up before."""
        with self._turn:
            return self._turn.wait_for(lambda: not self._busy, timeout_seconds)

    def _carry(self, job: Callable[[], object]) -> None:
        try:
            job()
        except Exception:
            logger.exception("a job of %s failed", self._name)
        finally:
            with self._turn:
                self._busy -= 1
                self._turn.notify_all()


class Errands(Crew):
    """Small jobs that nobody waits for. Once `closing`, none is begun, and one under way touches no database."""

    def __init__(self) -> None:
        super().__init__("errand")
        self._closing = threading.Event()

    @property
    def closing(self) -> bool:
        """Whether the process is about to end."""
        return self._closing.is_set()

    def begin(self, job: Callable[[], object]) -> None:
        """Run a job in a thread of its own, unless the process is about to end."""
        if not self.closing:
            super().begin(job)

    def close(self, timeout_seconds: float = 1.0) -> None:
        """Begin no more, and wait a little for those under way."""
        self._closing.set()
        self.wait_idle(timeout_seconds)
