"""One request that arrived, and the ways to answer it, well or badly."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived, whole."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in small letters."""
    body: bytes


class Call:
    """Passed to a scenario: writes to the connection and keeps count of the text a whole answer would carry."""

    def __init__(
        self, sock: socket.socket, request: Request, origin: str, closing: threading.Event, options: dict[str, Any]
    ) -> None:
        self.sock = sock
        self.request = request
        self.origin = origin
        self.options = options
        self.text: list[str] = []
        self.hung_up_at: float | None = None
        self._closing = closing
        self._chunked = False

    @property
    def pieces(self) -> list[str]:
        """The pieces of a good answer: progress, then a link to a video on this server; or the option `text`."""
        given = self.options.get("text")
        if given is not None:
            return [given[at : at + 7] for at in range(0, len(given), 7)]
        link = f"{self.origin}/files/one.mp4"
        return ["正在排队… ", "10%\n\n", "Schärfe 55%", "\n\n", "✅ 一只纸船 🛶\n\n", f"[▶️ 观看]({link})", "\n"]

    def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.sock.sendall(data)

    def head(
        self, status: str = "200 OK", content_type: str = "text/event-stream", *more: str, how: str = "chunked"
    ) -> None:
        """Write status line and headers; `how` the body is framed: chunked, close, or a length in digits."""
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *more]
        self._chunked = how == "chunked"
        lines += (
            ["Transfer-Encoding: chunked"] if self._chunked else [] if how == "close" else [f"Content-Length: {how}"]
        )
        self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))

    def body(self, data: bytes) -> None:
        """Write a piece of the body, framed as the head said."""
        self.send(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)

    def end(self) -> None:
        """Write the last chunk."""
        if self._chunked:
            self.send(b"0\r\n\r\n")

    def reply(self, status: str, body: Any, *more: str, content_type: str = "application/json") -> None:
        """Answer with a whole body: bytes, or something to write as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.head(status, content_type, *more, how=str(len(data)))
        self.send(data)

    def event(self, data: Any, *, name: str = "") -> None:
        """Write one event; `data` bytes as they are, everything else as JSON."""
        line = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
        self.body((f"event: {name}\n".encode() if name else b"") + b"data: " + line + b"\n\n")
        if delay := self.options.get("delay"):
            self.hold(delay)

    def delta(self, text: str, **more: Any) -> None:
        """Write one piece of content and remember it."""
        self.text.append(text)
        self.event(chunk({"content": text}, **more))

    def deltas(self, pieces: list[str] | None = None) -> None:
        """Write the role and all pieces of the good answer, or those given."""
        self.event(chunk({"role": "assistant", "content": ""}))
        for piece in self.pieces if pieces is None else pieces:
            self.delta(piece)

    def finish(self, reason: str = "stop", *, usage: Any = None, done: bool = True) -> None:
        """Write the finish reason, the usage if any, `[DONE]` and the last chunk."""
        self.event(chunk({}, finish=reason))
        if usage is not None:
            self.event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": usage})
        if done:
            self.event(b"[DONE]")
        self.end()

    def hold(self, seconds: float = 180.0) -> bool:
        """Wait; True as soon as the caller has hung up or the server closes."""
        until = time.monotonic() + seconds
        while not self._closing.is_set():
            left = until - time.monotonic()
            if left <= 0:
                return False
            if select.select([self.sock], [], [], min(left, 0.05))[0] and not self._peek():
                self.hung_up_at = time.monotonic()
                return True
        return True

    def _peek(self) -> bytes:
        try:
            return self.sock.recv(65536)
        except OSError:
            return b""

    def reset(self) -> None:
        """Break the connection off with a RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


def chunk(delta: Any, *, finish: str | None = None, index: int = 0, **more: Any) -> dict[str, Any]:
    """Return one `chat.completion.chunk`."""
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1760514579, "model": "sora-2"} | {
        "choices": [choice],
        **more,
    }
