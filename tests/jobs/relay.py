"""A relay of ours: a real HTTP server that counts POSTs and streams what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Relay:
    """Streams `deltas` pieces, one each `gap_seconds`, then [DONE]. Counts POSTs by prompt."""

    def __init__(self, *, deltas: int = 20, gap_seconds: float = 0.0, file: str | None = None) -> None:
        self.deltas = deltas
        self.gap_seconds = gap_seconds
        self.posts: dict[str, int] = {}
        self.at_once = 0
        self.most_at_once = 0
        self.order: list[str] = []
        self.hung_up_at: float | None = None
        self.lock = threading.Lock()
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                prompt = body["messages"][0]["content"]
                with relay.lock:
                    relay.posts[prompt] = relay.posts.get(prompt, 0) + 1
                    relay.order.append(prompt)
                    relay.at_once += 1
                    relay.most_at_once = max(relay.most_at_once, relay.at_once)
                try:
                    self._stream()
                except OSError:
                    relay.hung_up_at = time.monotonic()
                finally:
                    with relay.lock:
                        relay.at_once -= 1
                self.close_connection = True

            def _stream(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("connection", "close")
                self.end_headers()
                for number in range(relay.deltas):
                    self.wfile.write(chunk(f"piece {number} "))
                    self.wfile.flush()
                    if relay.gap_seconds:
                        time.sleep(relay.gap_seconds)
                self.wfile.write(b"data: [DONE]\n\n")

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def text(self) -> str:
        """What a whole answer reads."""
        return "".join(f"piece {number} " for number in range(self.deltas))

    @contextmanager
    def running(self) -> Iterator[Relay]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def chunk(text: str) -> bytes:
    """Return one chat.completion.chunk as a server-sent event."""
    said = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    return b"data: " + json.dumps(said).encode() + b"\n\n"
