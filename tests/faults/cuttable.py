"""A line between browser and server that can be cut, as a train enters a tunnel."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Line:
    """Passes bytes both ways; while cut, every connection is broken and none is taken."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._whole = threading.Event()
        self._whole.set()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.broken = 0

    def cut(self) -> None:
        """Break all connections, and refuse new ones."""
        self._whole.clear()
        with self._lock:
            self.broken += len(self._open)
            for sock in self._open:
                _shut(sock)

    def mend(self) -> None:
        """Take connections again."""
        self._whole.set()

    @contextmanager
    def running(self) -> Iterator[Line]:
        """Listen until the block ends."""
        threading.Thread(target=self._accept, name="line", daemon=True).start()
        try:
            yield self
        finally:
            _shut(self._listener)
            self.cut()
            self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), name="line-carry", daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        """Pass what comes to the other side until either side, or the line, ends."""
        if not self._whole.is_set():
            near.close()
            return
        with near, socket.create_connection(("127.0.0.1", self._to)) as far, contextlib.suppress(OSError):
            with self._lock:
                self._open |= {near, far}
            other = {near: far, far: near}
            over = False
            while not over:
                for ready in select.select([near, far], [], [], 1.0)[0]:
                    data = ready.recv(65536)
                    over = over or not data
                    other[ready].sendall(data)
        with self._lock:
            self._open -= {near, far}


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
