"""A relay that notes when it sent what, and that can be told to hold still: what a crash is measured against.

Nothing in the server under test is touched to stop it at a point. It is this relay that keeps it waiting there: it
leaves requests unread, stops within the headers, keeps back the [DONE] or the second half of a film.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ETAG = '"film-1"'
PIECE_BYTES = 16384
HELD_SECONDS = 180.0


@dataclass(kw_only=True)
class Script:
    """What one prompt is answered with, and what came of it. `sent` holds each delta's moment of sending."""

    deltas: int = 100
    gap_seconds: float = 0.02
    film: bool = False
    hold_headers: bool = False
    hold_done: bool = False
    posts: int = 0
    sent: list[tuple[float, str]] = field(default_factory=list)
    done_sent: bool = False
    hung_up: bool = False

    @property
    def text(self) -> str:
        """All text sent so far."""
        return "".join(text for _, text in list(self.sent))


class Relay:
    """Answers by scripts. While it holds, whatever a script or `hold_*` names waits for `let_go`."""

    def __init__(self, film: bytes) -> None:
        self.film = film
        self.scripts: dict[str, Script] = {}
        self.free = threading.Event()
        self.done_may_go = threading.Event()
        self.unread = 0
        self.hold_reading = False
        self.hold_films = False
        self.films_begun = 0
        self.films_resumed = 0
        self.unknown_posts = 0
        self.free.set()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def hold(self, *, reading: bool = False, films: bool = False) -> None:
        """From now on wait at the points named here, and at those named in scripts."""
        self.free.clear()
        self.done_may_go.clear()
        self.hold_reading, self.hold_films, self.films_begun, self.unread = reading, films, 0, 0

    def let_go(self) -> None:
        """Wait nowhere any more."""
        self.hold_reading = self.hold_films = False
        self.done_may_go.set()
        self.free.set()

    @contextmanager
    def running(self) -> Iterator[Relay]:
        """Serve until the block ends."""
        self._thread.start()
        try:
            yield self
        finally:
            self.let_go()
            self._server.shutdown()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a killed client is what this relay is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, relay: Relay, *arguments: Any) -> None:
        self.relay = relay
        super().__init__(*arguments)

    def handle_one_request(self) -> None:
        if self.relay.hold_reading:
            self.relay.unread += 1
            self.relay.free.wait(HELD_SECONDS)
        super().handle_one_request()

    def do_POST(self) -> None:
        self.close_connection = True
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        script = self.relay.scripts.get(body["messages"][0]["content"])
        if script is None:
            self.relay.unknown_posts += 1
            return
        script.posts += 1
        try:
            self._answer(script)
        except OSError:
            script.hung_up = True

    def _answer(self, script: Script) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n")
        if script.hold_headers:
            self.relay.free.wait(HELD_SECONDS)
        self.wfile.write(b"connection: close\r\n\r\n")
        began = time.monotonic()
        for number in range(script.deltas):
            self._say(script, f"piece {number} ")
            time.sleep(max(0.0, began + (number + 1) * script.gap_seconds - time.monotonic()))
        if script.film:
            self._say(script, f"[film]({self.relay.base_url}/film/{id(script)}.mp4)")
        if script.hold_done:
            self.relay.done_may_go.wait(HELD_SECONDS)
        script.done_sent = True
        self.wfile.write(b"data: [DONE]\n\n")
        script.hung_up = self.rfile.read(1) == b""

    def _say(self, script: Script, text: str) -> None:
        said = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
        script.sent.append((time.monotonic(), text))  # before it leaves: a delta is never younger than its stamp
        self.wfile.write(b"data: " + json.dumps(said).encode() + b"\n\n")

    def do_GET(self) -> None:
        self.close_connection = True
        film, relay = self.relay.film, self.relay
        start = 0
        wanted = self.headers.get("range", "")
        if wanted.startswith("bytes=") and self.headers.get("if-range") == ETAG:
            start = int(wanted[6:].split("-")[0])
            relay.films_resumed += 1
        self.send_response(206 if start else 200)
        self.send_header("content-type", "video/mp4")
        self.send_header("etag", ETAG)
        self.send_header("content-length", str(len(film) - start))
        if start:
            self.send_header("content-range", f"bytes {start}-{len(film) - 1}/{len(film)}")
        self.end_headers()
        half = len(film) // 2
        self.wfile.write(film[start:half])
        relay.films_begun += 1
        if relay.hold_films:
            relay.free.wait(HELD_SECONDS)
        self.wfile.write(film[max(start, half) :])

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
