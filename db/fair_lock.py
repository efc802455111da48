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

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()  # released by the holder before us, who leaves the lock held in our name

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False
