"""The demo endpoint's HTTP server: loopback only, threads, nothing heavy imported before `start`."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from services.demo.films import Films

if TYPE_CHECKING:
    from services.demo.http import Listener


class DemoServer:
    """A demo endpoint of its own home folder. `pace` 1 takes about four seconds a film, 0 none."""

    def __init__(self, home: Path, pace: float = 1.0) -> None:
        self._home = home
        self._pace = pace
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    def start(self, port: int | None = None) -> str:
        """Listen on 127.0.0.1 and return the base URL. The last port is taken again when it is free."""
        from services.demo.http import Listener  # http.server costs 20 ms: paid by those who start a demo

        self._home.mkdir(parents=True, exist_ok=True)
        films = Films(self._home / "demo")
        wanted = [port] if port is not None else [self._remembered(), 0]
        for number in wanted:
            try:
                self._listener = Listener(number, films, self._pace)
                break
            except OSError:
                if number == wanted[-1]:
                    raise
        assert self._listener is not None  # noqa: S101 # nosec B101 - the loop bound it or raised
        bound = self._listener.server_address[1]
        with contextlib.suppress(OSError):  # a full or read-only disk: the next start takes another port
            (self._home / "demo.port").write_text(str(bound), encoding="ascii")
        self._thread = threading.Thread(target=self._listener.serve, name="demo-endpoint", daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{bound}"

    def stop(self) -> None:
        """Close every connection and end what was being drawn. Safe to call twice."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()
        if self._thread is not None:
            self._thread.join(2.0)

    def _remembered(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            number = int((self._home / "demo.port").read_text(encoding="ascii"))
            if 1024 <= number <= 65535:
                return number
        return 0


def serve(
    host: str = "127.0.0.1",
    port: int = 8011,
    *,
    home: Path | None = None,
    pace: float = 1.0,
    ready: Callable[[str], None] = lambda base_url: None,
) -> None:
    """Run a demo endpoint until interrupted (`python3 run.py demo`); `ready` hears its base URL.

    Raises:
        ValueError: `host` is not loopback; the demo is never reachable from outside.
    """
    if host not in {"127.0.0.1", "localhost"}:
        raise ValueError("the demo endpoint listens on 127.0.0.1 only")
    from services.settings import Settings

    server = DemoServer(home or Settings.from_environment().home, pace)
    ready(server.start(port))
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    server.stop()


def shut(connection: socket.socket) -> None:
    """Shut a socket that may be gone already."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
