"""One TCP connection that any thread can cut in any phase, and that knows when it was last heard.

`response.close()` from another thread waits for the read time-out (4.5 s measured); shutting the socket down wakes
its reader in 0.4 ms. A read time-out alone is no deadline: pings keep it away for ever (RELIABILITY a).
"""

from __future__ import annotations

import io
import socket
import threading
import time
from contextlib import suppress
from functools import partial
from typing import Any

from services.abandon import abandonable


class Line:
    """The one connection of an exchange: cut from any thread, and known when it was last heard."""

    def __init__(self, connect_seconds: float) -> None:
        """Prepare to dial within this many seconds; nothing happens yet."""
        self._seconds = connect_seconds
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._is_cut = False
        self.problem: OSError | None = None
        self.connected = False
        self.up = False
        self.heard_at = time.monotonic()

    @property
    def trouble(self) -> str:
        """What kept it from coming up, in a few words for a log."""
        if isinstance(self.problem, socket.gaierror):
            return "no such host"
        if isinstance(self.problem, TimeoutError):
            return "no answer to the call"
        return "no secure connection" if self.connected else "no connection"

    def heard(self) -> None:
        """Note that the network moved just now."""
        self.heard_at = time.monotonic()

    def came_up(self) -> None:
        """Note that TCP, and TLS where there is one, stands: from here on a request may have arrived."""
        self.heard()
        self.up = True

    def dial(self, host: str, port: int) -> socket.socket:
        """Connect to the first address of a host that answers, all of them within the seconds given.

        Raises:
            OSError: none did, or the line was cut; the last reason.
        """
        try:
            return self._dial(host, port)
        except OSError as error:
            self.problem = error
            # urllib3 takes a reset or a broken pipe for an early answer and goes on to read it from no socket at all:
            # without an error number it does not.
            raise ConnectionAbortedError(f"not connected: {type(error).__name__}") from error

    def _dial(self, host: str, port: int) -> socket.socket:
        deadline = time.monotonic() + self._seconds
        answers = self._look_up(host.strip("[]"), port)
        problem: OSError = TimeoutError("no address answered")
        for tried, (family, kind, protocol, _, address) in enumerate(answers):
            left = deadline - time.monotonic()
            if left <= 0 or self._is_cut:
                break
            sock = socket.socket(family, kind, protocol)
            try:
                self._connect(sock, address, left / (len(answers) - tried))
            except OSError as error:
                sock.close()
                problem = error
            else:
                sock.settimeout(self._seconds)
                return sock
        raise problem

    def _look_up(self, host: str, port: int) -> list[Any]:
        """Ask for a host's addresses. Nothing interrupts the system's own look-up: it is left behind if need be."""
        with suppress(socket.gaierror):
            return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        ask = partial(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
        return abandonable(ask, seconds=self._seconds, given_up=lambda: self._is_cut)

    def _connect(self, sock: socket.socket, address: Any, seconds: float) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(seconds)
        self._hold(sock)
        sock.connect(address)
        if self._is_cut:
            raise ConnectionAbortedError("stopped while connecting")
        self.connected = True

    def _hold(self, sock: socket.socket) -> None:
        # A duplicate: TLS detaches the socket it wraps and closing frees its number for another file,
        # but shutting the duplicate down ends the same connection in every phase.
        copy = sock.dup()
        with self._lock:
            old, self._handle = self._handle, copy
        if old is not None:
            old.close()
        if self._is_cut:
            self.cut()

    def cut(self) -> None:
        """End the connection now; whoever waits on it wakes up at once."""
        with self._lock:
            self._is_cut = True
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Cut, and give the handle back."""
        self.cut()
        with self._lock:
            handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()


class Heard(io.RawIOBase):
    """A reader that tells the line of each arrival, so that header bytes count as a life sign too."""

    def __init__(self, inner: io.RawIOBase, line: Line) -> None:
        """Read from `inner`, telling `line`."""
        super().__init__()
        self._inner = inner
        self._line = line

    def readable(self) -> bool:
        """Return True: it is a reader."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read once into the buffer."""
        count: int | None = self._inner.readinto(buffer)
        if count:
            self._line.heard()
        return count

    def close(self) -> None:
        """Close the socket's reader below too."""
        try:
            self._inner.close()
        finally:
            super().close()
