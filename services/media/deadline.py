"""A watchdog over one download: it ends it by shutting its socket, in any phase, from a thread of its own.

A read time-out is no deadline: a byte now and then resets it for ever (RELIABILITY a, "Stopping").
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Literal

Why = Literal["idle", "total", "stopped"]
_LOOK_SECONDS = 0.03


class Watch:
    """Ends a download after `idle_seconds` without a byte, after `total_seconds`, on `stop()`, or on one of `stops`.

    Only time spent waiting for the network counts as idle: a slow disk is not the host's fault.
    """

    def __init__(self, *, idle_seconds: float, total_seconds: float, stops: Iterable[threading.Event] = ()) -> None:
        self._stops = tuple(stops)
        self._idle_seconds = idle_seconds
        self._ends_at = time.monotonic() + total_seconds
        self._waiting_since: float | None = None
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="fetch-watch", daemon=True)
        self.why: Why | None = None

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        with self._lock:
            self._forget()

    def guard(self, sock: socket.socket) -> None:
        """Take charge of a socket, before it connects.

        A duplicate is held: it stays shuttable while TLS moves the original elsewhere, and never is another's by
        a reused number.

        Raises:
            ConnectionAbortedError: the download is over already.
        """
        with self._lock:
            self._forget()
            self._socket = sock.dup()
            if self.why is not None:
                raise ConnectionAbortedError("ended by the watch")

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Mark that the caller waits for the network now."""
        self._waiting_since = time.monotonic()
        try:
            yield
        finally:
            self._waiting_since = None

    def stop(self, why: Why = "stopped") -> None:
        """End the download now; the first reason stays."""
        with self._lock:
            if self.why is None:
                self.why = why
            self._shut()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            now, since = time.monotonic(), self._waiting_since
            if self.why is not None or any(event.is_set() for event in self._stops):
                self.stop()  # again and again: a socket that was not yet connected the first time took no notice
            elif now >= self._ends_at:
                self.stop("total")
            elif since is not None and now - since >= self._idle_seconds:
                self.stop("idle")

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
