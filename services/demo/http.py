"""Requests and answers of the demo endpoint."""

from __future__ import annotations

import contextlib
import json
import re
import selectors
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from services.demo.films import Films
from services.demo.marks import marks_in, without_marks
from services.demo.script import MODELS, Order, completion, dialect, lines, speaks_chinese
from services.demo.server import shut

MAX_BODY_BYTES = 8 * 1024**2
REFUSALS = {  # mark: status, words in English and in Chinese (those of real relays), code
    "401": (401, "Invalid token", "无效的令牌", ""),
    "429": (
        429,
        "Too many requests at the moment, try later",
        "当前分组上游负载已饱和，请稍后再试",
        "rate_limit_exceeded",
    ),
    "500": (500, "The demo server failed on purpose", "演示服务器按要求出错", "do_request_failed"),
    "503": (
        503,
        "No available channel for model demo-film under group default",
        "当前分组 default 下对于模型 demo-film 无可用渠道",
        "model_not_found",
    ),
}


class Listener(ThreadingHTTPServer):
    """Threads, one a connection; knows its open connections so that `stop` ends them at once."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, films: Films, pace: float) -> None:
        self.films, self.pace = films, pace
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._wake, self._woken = socket.socketpair()
        try:
            super().__init__(("127.0.0.1", port), Handler)
        except OSError:
            self._wake.close()
            self._woken.close()
            raise

    def serve(self) -> None:
        """Accept until stopped, sleeping without a poll in between."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self.stopping.is_set():
                selector.select()
                if not self.stopping.is_set():
                    self._handle_request_noblock()  # type: ignore[attr-defined]
        self.server_close()
        self._wake.close()
        self._woken.close()

    def stop(self) -> None:
        """Shut every connection and end the drawing."""
        self.stopping.set()
        with contextlib.suppress(OSError):  # a connection just now woke it instead, and it has ended by itself
            self._wake.send(b".")
        self.films.stop()
        for connection in list(self._open):
            shut(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note the connection, then hand it to its thread."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that went away is no news here."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        """Answer the model list and the films."""
        film = re.fullmatch(r"/v/([0-9a-f]{24})\.mp4", self.path.partition("?")[0])
        if not self._loopback():
            return
        if film:
            self._film(film[1])
        elif self.path.partition("?")[0] in {"/v1/models", "/models"}:
            rows = [{"id": name, "object": "model", "created": 1626777600, "owned_by": "demo"} for name in MODELS]
            self._json(200, {"object": "list", "data": rows})
        else:
            self._refuse(404, f"Invalid URL ({self.command} {self.path})", "")

    do_HEAD = do_GET  # noqa: N815 (http.server's name)

    def do_POST(self) -> None:
        """Answer a chat completion."""
        if not self._loopback():
            return None
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            return self._refuse(413, "the request is too large", "too_large")
        body = self.rfile.read(length)
        if not self.path.rstrip("/").endswith("/chat/completions"):
            return self._refuse(404, f"Invalid URL (POST {self.path})", "")
        try:
            asked = json.loads(body)
            prompt = _prompt(asked)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            return self._refuse(400, "the body is no chat completion request", "invalid_request")
        return self._answer(asked, prompt)

    def _answer(self, asked: dict[str, Any], prompt: str) -> None:
        marks = marks_in(prompt)
        for mark, (status, english, chinese, code) in REFUSALS.items():
            if mark in marks:
                return self._refuse(status, chinese if speaks_chinese(prompt, marks) else english, code)
        if "html" in marks:
            return self._send(200, b"<!doctype html><title>Demo</title><h1>504 Gateway Time-out</h1>", "text/html")
        order = self._order(str(asked.get("model") or MODELS[0]), prompt, marks)
        if dialect(order) == "json" or asked.get("stream") is False:
            self.server.stopping.wait(4.0 * self._pace(order))
            return self._json(200, completion(order))
        return self._stream(order)

    def _order(self, model: str, prompt: str, marks: frozenset[str]) -> Order:
        origin = f"http://{self.headers['Host']}"
        words = without_marks(prompt)
        count = 2 if "two videos" in marks else 1
        if marks & {"reject", "no video", "page link", "cut", "error", "silent", "empty"}:
            count = 0
        ids = ["0" * 24] if "dead link" in marks else [self.server.films.begin(words, model) for _ in range(count)]
        links = tuple(f"{origin}/v/{film}.mp4" for film in ids)
        task = f"demo_{time.time_ns():x}"
        return Order(task, model, prompt, marks, links, int(time.time()))

    def _pace(self, order: Order) -> float:
        if "fast" in order.marks:
            return 0.0
        return self.server.pace * (10.0 if "slow" in order.marks else 1.0)

    def _stream(self, order: Order) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pace = self._pace(order)
        for wait, line in () if "empty" in order.marks else lines(order):
            if wait * pace and self.server.stopping.wait(wait * pace):
                break
            if line:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(line), line))
        if "silent" in order.marks:
            self._until_gone()
        if "cut" in order.marks or "silent" in order.marks:
            self.close_connection = True  # no last chunk: the client sees the body break off
            return
        self.wfile.write(b"0\r\n\r\n")

    def _until_gone(self) -> None:
        self.connection.settimeout(3600)
        self.connection.recv(1)

    def _film(self, film_id: str) -> None:
        path = self.server.films.path(film_id)
        if path is None:
            return self._refuse(404, "no such film", "not_found")
        data = path.read_bytes()
        span = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "")
        if not span or span.groups() == ("", ""):
            return self._send(200, data, "video/mp4", {"Accept-Ranges": "bytes", "ETag": f'"{film_id}"'})
        first, last = _span(span[1], span[2], len(data))
        if first > last:
            return self._send(416, b"", "video/mp4", {"Content-Range": f"bytes */{len(data)}"})
        shown = {"Content-Range": f"bytes {first}-{last}/{len(data)}", "Accept-Ranges": "bytes", "ETag": f'"{film_id}"'}
        return self._send(206, data[first : last + 1], "video/mp4", shown)

    def _loopback(self) -> bool:
        """Refuse a foreign Host: a web page elsewhere must not reach this by rebinding its name."""
        host = (self.headers.get("Host") or "").rpartition(":")[0] or (self.headers.get("Host") or "")
        if host in {"127.0.0.1", "localhost"}:
            return True
        self.close_connection = True
        self._refuse(403, "the demo endpoint answers loopback addresses only", "forbidden_host")
        return False

    def _refuse(self, status: int, message: str, code: str) -> None:
        error = {"message": f"{message} (request id: demo{time.time_ns():x})", "type": "new_api_error", "code": code}
        self._json(status, {"error": error}, {"Retry-After": "5"} if status == 429 else None)

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        self._send(status, data, "application/json; charset=utf-8", headers)

    def _send(self, status: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last or size - 1), size - 1)


def _prompt(asked: dict[str, Any]) -> str:
    content = asked["messages"][-1]["content"]
    if isinstance(content, str):
        return content
    return " ".join(part["text"] for part in content if part.get("type") == "text")
