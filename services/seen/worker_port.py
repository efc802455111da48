"""`/healthz`, `/readyz` and `/metrics` of a worker, which serves no pages (`run.py worker --port`)."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from services.errors import StoreError
from services.seen.exposition import CONTENT_TYPE
from services.seen.readiness import may_read

if TYPE_CHECKING:
    from services.runtime import Runtime


class WorkerPort:
    """Answers until it is closed; its threads end with the process."""

    def __init__(self, runtime: Runtime, host: str, port: int) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: nobody can listen there.
        """

        class Handler(_Answers):
            of = runtime

        self._server = ThreadingHTTPServer((host, port), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="worker-port", daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


class _Answers(BaseHTTPRequestHandler):
    of: Runtime
    timeout = 10

    def do_GET(self) -> None:  # the standard library's name
        """Answer one of three addresses."""
        path = self.path.partition("?")[0]
        try:
            if path == "/healthz":
                well = self.of.health()
                self._say(200 if well else 503, json.dumps({"status": "ok" if well else "failing"}))
            elif path == "/readyz":
                ready = self.of.ready()
                self._say(200 if ready.well else 503, json.dumps({"checks": dict(ready.checks)}))
            elif path == "/metrics":
                self._figures()
            else:
                self._say(404, "{}")
        except StoreError as error:
            self._say(503, json.dumps({"trouble": error.code}))

    def _figures(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if may_read(self.of.settings, self.client_address[0], headers):
            self._say(200, self.of.metrics(), CONTENT_TYPE)
        else:
            self._say(403, "{}")

    def _say(self, status: int, body: str, content_type: str = "application/json") -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Write no line for each scrape."""
