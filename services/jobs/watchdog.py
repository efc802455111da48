"""Ends streams at their limits. It looks at network time only, on a clock that never jumps (RELIABILITY a)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from services.endpoint.transport import Exchange

AGAIN_SECONDS = 0.05  # after a stop, until it is seen to be over
LOOK_SECONDS = 60.0  # at the latest; it sleeps until the next limit that may have been reached by then

Why = Literal["user", "idle", "total", "shutdown"]


@dataclass(frozen=True, slots=True)
class _Watched:
    exchange: Exchange
    idle_seconds: float
    total_seconds: float
    began: float


class Watchdog:
    """Holds every running exchange of this process; sleeps while there is none."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._running: dict[str, _Watched] = {}
        self._closing = False
        self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)
        self._thread.start()

    def watch(self, generation_id: str, exchange: Exchange, *, idle_seconds: float, total_seconds: float) -> None:
        """Begin to watch one exchange, before it dials."""
        with self._lock:
            self._running[generation_id] = _Watched(exchange, idle_seconds, total_seconds, time.monotonic())
            closing = self._closing
            self._lock.notify()
        if closing:
            exchange.stop("shutdown")

    def leave(self, generation_id: str) -> None:
        """Stop watching."""
        with self._lock:
            self._running.pop(generation_id, None)
            self._lock.notify()

    def stop(self, generation_id: str, why: Why = "user") -> bool:
        """Shut the socket of one generation at once; False if it does not run here."""
        with self._lock:
            watched = self._running.get(generation_id)
        if watched is None:
            return False
        watched.exchange.stop(why)
        return True

    @property
    def running(self) -> list[str]:
        """The ids that stream in this process."""
        with self._lock:
            return list(self._running)

    def wait_idle(self, timeout_seconds: float) -> bool:
        """Wait until nothing runs."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._running, timeout_seconds)

    def close(self) -> None:
        """Shut every socket, now and from now on."""
        with self._lock:
            self._closing = True
            running = list(self._running.values())
            self._lock.notify_all()
        for watched in running:
            watched.exchange.stop("shutdown")

    def _look(self) -> None:
        while not self._closing:
            with self._lock:
                running = list(self._running.values())
            seconds = min((_judge(watched, time.monotonic()) for watched in running), default=LOOK_SECONDS)
            with self._lock:
                if not self._closing and running == list(self._running.values()):
                    self._lock.wait(min(seconds, LOOK_SECONDS))


def _judge(watched: _Watched, now: float) -> float:
    """Stop what is over its limits; return in how many seconds it may be, were no byte to come until then."""
    last = max(watched.began, watched.exchange.last_byte_at or 0.0)
    total_left = watched.began + watched.total_seconds - now
    idle_left = last + watched.idle_seconds - now
    if total_left <= 0:
        watched.exchange.stop("total")
    elif idle_left <= 0:
        watched.exchange.stop("idle")
    left = min(total_left, idle_left)
    return left if left > 0 else AGAIN_SECONDS
