"""A file host on loopback, made of bare sockets so that it can misbehave as hosts do; it counts who comes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

_BLOCK = b"\0" * 65536


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came over the wire; header names in lower case."""

    target: str
    headers: dict[str, str]


@dataclass(slots=True)
class Call:
    """One request and the means to answer it; the connection closes when the scenario returns."""

    seen: Seen
    sock: socket.socket
    over: threading.Event
    sent: int = field(default=0)

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)
        self.sent += len(data)

    def head(self, status: str, *lines: str) -> None:
        self.send("\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode())

    def pause(self, seconds: float = 60.0) -> None:
        """Say nothing for a while, or until the host closes."""
        self.over.wait(seconds)


Scenario: TypeAlias = Callable[[Call], None]


class Host:
    """Answers each path as `paths` says, any other with 404."""

    def __init__(self) -> None:
        self.paths: dict[str, Scenario] = {}
        self.requests: list[Seen] = []
        self.calls: list[Call] = []
        self.connections = 0
        self._over = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen)]

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[Host]:
        self._threads[0].start()
        try:
            yield self
        finally:
            self._over.set()
            socket.create_connection(("127.0.0.1", self.port)).close()  # wakes who waits for the next caller
            for call in self.calls:
                with contextlib.suppress(OSError):
                    call.sock.shutdown(socket.SHUT_RDWR)
            for thread in self._threads:
                thread.join()
            self._server.close()

    def url(self, path: str, scenario: Scenario) -> str:
        """Answer `path` so from now on; return its link."""
        self.paths[path.partition("?")[0]] = scenario
        return self.base_url + path

    def _listen(self) -> None:
        while True:
            sock = self._server.accept()[0]
            if self._over.is_set():
                sock.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(sock,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            sock.settimeout(30)
            data = b""
            while b"\r\n\r\n" not in data:
                more = sock.recv(65536)
                if not more:
                    return
                data += more
            first, *lines = data.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            pairs = (line.partition(":") for line in lines)
            seen = Seen(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})
            call = Call(seen, sock, self._over)
            self.calls.append(call)
            self.requests.append(seen)
            self.paths.get(seen.target.partition("?")[0], refusing("404 Not Found"))(call)


def serving(body: bytes, *lines: str, kind: str = "video/mp4", status: str = "200 OK") -> Scenario:
    """Send all of it, with its length."""

    def answer(call: Call) -> None:
        call.head(status, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines)
        call.send(body)

    return answer


def refusing(status: str) -> Scenario:
    """Send a status and a page."""
    return serving(b"<h1>no</h1>", kind="text/html", status=status)


def claiming(length: int, body: bytes, *lines: str, stalls: bool = False) -> Scenario:
    """Declare a length, send something else, then close or say nothing more."""

    def answer(call: Call) -> None:
        call.head("200 OK", "Content-Type: video/mp4", f"Content-Length: {length}", *lines)
        call.send(body)
        if stalls:
            call.pause()

    return answer


def unmeasured(body: bytes) -> Scenario:
    """Send a body that ends where the connection ends."""

    def answer(call: Call) -> None:
        call.head("200 OK", "Content-Type: video/mp4", "Connection: close")
        call.send(body)

    return answer


def chunked(body: bytes, *, ends: bool = True) -> Scenario:
    """Send one chunk, and the mark of the end if it `ends`."""

    def answer(call: Call) -> None:
        call.head("200 OK", "Content-Type: video/mp4", "Transfer-Encoding: chunked")
        call.send(f"{len(body):x}\r\n".encode() + body + b"\r\n" + (b"0\r\n\r\n" if ends else b""))

    return answer


def dripping(body: bytes, gap_seconds: float) -> Scenario:
    """Send a byte, wait, send a byte."""

    def answer(call: Call) -> None:
        call.head("200 OK", "Content-Type: video/mp4", f"Content-Length: {len(body)}")
        for number in range(len(body)):
            call.send(body[number : number + 1])
            call.pause(gap_seconds)

    return answer


def endless(first: bytes, *lines: str, status: str = "200 OK") -> Scenario:
    """Send zeros for as long as someone listens."""

    def answer(call: Call) -> None:
        call.head(status, "Content-Type: video/mp4", *lines)
        call.send(first)
        while not call.over.is_set():
            call.send(_BLOCK)

    return answer


def redirecting(location: str, *lines: str) -> Scenario:
    """Point elsewhere."""

    def answer(call: Call) -> None:
        call.head("302 Found", f"Location: {location}", "Content-Length: 0", *lines)

    return answer


def ranged(body: bytes, etag: str, *, heeds_if_range: bool = True) -> Scenario:
    """Go on from where a Range says, if the caller knows the ETag."""

    def answer(call: Call) -> None:
        asked = call.seen.headers.get("range", "")
        known = call.seen.headers.get("if-range") == etag or not heeds_if_range
        if not (asked and known):
            serving(body, f"ETag: {etag}")(call)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        note = f"Content-Range: bytes {start}-{len(body) - 1}/{len(body)}"
        serving(body[start:], note, f"ETag: {etag}", status="206 Partial Content")(call)

    return answer
