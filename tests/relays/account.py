"""A relay that speaks of its account, in each relay's own way: real HTTP, one answer a path, every question counted."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

SUBSCRIPTION, USAGE = "/v1/dashboard/billing/subscription", "/v1/dashboard/billing/usage"
TOKEN, STATUS = "/api/usage/token/", "/api/status"


class AccountServer:
    """A context manager. `says(path, …)` sets an answer; what was never set is a 404, as a relay without it has."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []  # path, Authorization
        self._answers: dict[str, tuple[int, str, bytes, float, str | None]] = {}
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                relay.asked.append((self.path, self.headers.get("Authorization")))
                missing = (404, "application/json", b'{"error":{"message":"Invalid URL"}}', 0.0, None)
                status, kind, body, delay, location = relay._answers.get(self.path, missing)
                time.sleep(delay)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def says(  # the parts of an answer
        self,
        path: str,
        answer: Any,
        *,
        status: int = 200,
        kind: str = "application/json",
        delay: float = 0.0,
        location: str | None = None,
    ) -> None:
        """Answer a path so; `answer` is text as it is, anything else as JSON."""
        body = answer if isinstance(answer, str) else json.dumps(answer)
        self._answers[path] = (status, kind, body.encode(), delay, location)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [path for path, _ in self.asked]

    def __enter__(self) -> AccountServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
