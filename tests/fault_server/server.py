"""The server: a raw listening socket, one thread a connection, one request each."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.fault_server.call import Call, Request
from tests.fault_server.scenarios import SCENARIOS, Scenario

MODELS = ("sora-2", "sora-2-pro")


class FaultServer:
    """A context manager. `plays` chooses how the next POSTs are answered; GETs get the models, `files`, or 404."""

    def __init__(self, name: str | Scenario = "up-ok", *, certificate: Path | None = None, **options: Any) -> None:
        """Listen on a free loopback port; `certificate` (a PEM with its key) makes it speak TLS."""
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._calls: list[Call] = []
        self.requests: list[Request] = []
        self.connections = 0
        self.files: dict[str, tuple[str, bytes]] = {}
        self.plays(name, **options)

    def plays(self, name: str | Scenario, **options: Any) -> FaultServer:
        """Answer the next POSTs so: a scenario, or the name of one.

        Options: `text` (the whole content), `delay` (seconds between events), ….
        """
        self._scenario = SCENARIOS[name] if isinstance(name, str) else name
        self._options = options
        return self

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What a user would type."""
        return f"{self.origin}/v1"

    @property
    def posts(self) -> int:
        """How many POSTs arrived whole."""
        return sum(request.method == "POST" for request in list(self.requests))

    @property
    def sent_text(self) -> str:
        """All content that was sent so far, in order."""
        return "".join(self.sent_pieces)

    @property
    def sent_pieces(self) -> list[str]:
        """The same, piece by piece."""
        return [piece for call in list(self._calls) for piece in list(call.text)]

    @property
    def hung_up_at(self) -> float | None:
        """When the caller of the last POST hung up while it was waited for, by the monotonic clock."""
        return self._calls[-1].hung_up_at if self._calls else None

    def __enter__(self) -> FaultServer:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with self._lock:
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            with self._lock:
                self.connections += 1
                self._open.add(sock)
                self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        sock = plain
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                sock = self._tls.wrap_socket(plain, server_side=True)
                with self._lock:
                    self._open.add(sock)
            if (request := _receive(sock)) is not None:
                self._answer(sock, request)
        except (OSError, ValueError):
            pass  # the caller hung up, which most faults make it do
        finally:
            with self._lock:
                self._open -= {plain, sock}
            with suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
            sock.close()
            plain.close()

    def _answer(self, sock: socket.socket, request: Request) -> None:
        call = Call(sock, request, self.origin, self._closing, self._options)
        scenario = self._scenario
        self.requests.append(request)
        if request.method == "POST":
            self._calls.append(call)
            scenario(call)
        elif request.path in self.files:
            kind, data = self.files[request.path]
            call.reply("200 OK", data, content_type=kind)
        elif request.path.endswith("/models"):
            self._models(call)
        else:
            call.reply("404 Not Found", {"error": {"message": "not found"}})

    def _models(self, call: Call) -> None:
        if status := self._options.get("models_status"):
            call.reply(status, {"error": {"message": "no list here"}})
        else:
            models = self._options.get("models", MODELS)
            call.reply("200 OK", {"object": "list", "data": [{"id": name, "object": "model"} for name in models]})


def _receive(sock: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := sock.recv(65536)):
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("expect", "").lower() == "100-continue":
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")  # curl waits for it with a long prompt
    length = int(headers.get("content-length", "0"))
    while len(body) < length:
        if not (piece := sock.recv(65536)):
            return None
        body += piece
    return Request(method, path, headers, body)
