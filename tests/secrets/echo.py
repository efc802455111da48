"""An endpoint that gives its caller's token back wherever an answer has room for it."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote


def _spellings(token: str) -> list[str]:
    coded = base64.b64encode(f"Bearer {token}".encode()).decode()
    return [token, f"Bearer {token}", quote(token, safe=""), coded, json.dumps(token)[1:-1], json.dumps([token])]


def _stream(token: str) -> list[dict[str, Any]]:
    half = len(token) // 2
    deltas = [{"reasoning_content": f"> {word}\n"} for word in _spellings(token)]
    deltas += [{"content": f"{word}\n"} for word in _spellings(token)]
    deltas += [{"content": token[:half]}, {"content": token[half:]}]  # in no chunk of bytes, yet in the text
    deltas += [{"content": sign} for sign in f"\ntask_id: {token} "]
    deltas += [{"content": f"\n[video](http://127.0.0.1:1/{token[:half]}"}, {"content": f"{token[half:]}.mp4)\n"}]
    chunks: list[dict[str, Any]] = [{"id": token, "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    usage = {"total_tokens": 3, "note": token}
    return [*chunks, {"choices": [{"index": 0, "delta": {}, "finish_reason": token}], "usage": usage}]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        token = self.headers["authorization"].removeprefix("Bearer ")
        self.answer(200, "application/json", [json.dumps({"data": [{"id": f"model-{token}"}]}).encode()])

    def do_POST(self) -> None:
        prompt = json.loads(self.rfile.read(int(self.headers["content-length"])))["messages"][0]["content"]
        token = self.headers["authorization"].removeprefix("Bearer ")
        if prompt == "refuse":
            error = {
                "error": {"message": f"Incorrect API key: {' '.join(_spellings(token))}", "type": token, "code": token}
            }
            self.answer(401, "application/json", [json.dumps(error).encode()])
        elif prompt == "page":
            self.answer(200, "text/html", [f"<html><title>{token}</title>{token}</html>".encode()])
        else:
            events = [b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in _stream(token)]
            cut = prompt == "cut"
            self.answer(200, "text/event-stream", events if cut else [*events, b"data: [DONE]\n\n"], cut=cut)

    def answer(self, status: int, kind: str, pieces: list[bytes], *, cut: bool = False) -> None:
        token = self.headers["authorization"].removeprefix("Bearer ")
        self.send_response(status, f"Said {token}")
        self.send_header("content-type", f"{kind}; note={token}")
        self.send_header("x-echo", token)
        self.send_header("content-length", str(sum(map(len, pieces)) + (100 if cut else 0)))
        self.end_headers()
        for piece in pieces:
            for start in range(0, len(piece), 11):  # so that the token is cut in the bytes as well
                self.wfile.write(piece[start : start + 11])
                self.wfile.flush()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def echoing() -> Iterator[str]:
    """Yield its base URL. Prompts "refuse", "page" and "cut" are answered so; any other gets a stream."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
