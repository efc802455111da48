"""A lock that serves threads in the order they came."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class FairLock:
    """Hand the lock to whoever has waited longest.

    SQLite lets writers poll for the write lock, and `threading.Lock` lets a thread that releases take it again at
    once: with 100 streams some would wait for seconds. Not reentrant.

    >>> with FairLock():
    ...     pass
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, timeout_seconds: float) -> bool:
        """Stand in line; False if the turn did not come in time."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout_seconds):  # released by the holder before us, who leaves it held in our name
            return True
        with self._guard:
            if turn not in self._waiting:  # it came at the very last moment
                return True
            self._waiting.remove(turn)
        return False

    def release(self) -> None:
        """Let the next one in."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False

    def __enter__(self) -> None:
        self.acquire(threading.TIMEOUT_MAX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
