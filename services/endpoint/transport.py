"""One paid POST on a connection of its own, stoppable from any thread, and the free GET beside it.

The only importer of requests and urllib3 in this package. Nothing is pooled, redirected, retried or taken from the
environment: each of these sends a paid request twice or hands the token to somebody else (RELIABILITY b).
"""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, TypeAlias, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from services.endpoint.authorization import authorization
from services.endpoint.curl import body_text
from services.endpoint.line import Heard, Line
from services.endpoint.retry_after import retry_after
from services.errors import BrokenOffError, CancelledError, EndpointError, NotSentError, RejectedError, UnclearError

__all__ = ["Exchange", "Why", "get_json", "retry_after"]

Why: TypeAlias = Literal["user", "idle", "total", "shutdown"]

USER_AGENT = "dailies/0.1"
PIECE_BYTES = 65536
LONGEST_SILENCE_SECONDS = 3600.0
"""A net below the watchdog, which is the real limit: a socket time-out is no deadline."""
LARGEST_LIST_BYTES = 4 * 1024 * 1024

_TROUBLE = (requests.RequestException, HTTPError, http.client.HTTPException, OSError, ValueError)


def _listening_response(line: Line, sock: socket.socket, **options: Any) -> http.client.HTTPResponse:
    line.heard()  # called when the request has been sent
    response = http.client.HTTPResponse(sock, **options)
    raw = response.fp.detach()
    response.fp = io.BufferedReader(Heard(raw, line))
    return response


class _Plain(HTTPConnection):
    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line = line
        self.response_class = partial(_listening_response, line)  # type: ignore[assignment]  # a factory serves too

    def _new_conn(self) -> socket.socket:
        return self._line.dial(self.host, self.port or 80)

    def connect(self) -> None:
        super().connect()
        self._line.came_up()


class _Tls(HTTPSConnection):
    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line = line
        self.response_class = partial(_listening_response, line)  # type: ignore[assignment]  # a factory serves too

    def _new_conn(self) -> socket.socket:
        return self._line.dial(self.host, self.port or 443)

    def connect(self) -> None:
        super().connect()
        self._line.came_up()


class _Adapter(HTTPAdapter):
    """An adapter whose connections live on the given line."""

    def __init__(self, line: Line) -> None:
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=1)
        self._line = line

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """Return the pool for the request, with our connections in it."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        kind = _Tls if pool.scheme == "https" else _Plain
        pool.ConnectionCls = partial(kind, line=self._line)  # a factory serves as well
        return cast(HTTPConnectionPool, pool)


class Exchange:
    """One request on a fresh connection. Make one for each request; `stop` may come from any thread in any phase."""

    def __init__(self, *, connect_seconds: float = 15.0, ca_file: str | None = None) -> None:
        """Prepare; nothing is dialled yet. `ca_file` names the authorities to trust instead of the usual ones."""
        self._connect_seconds = connect_seconds
        self._verify: str | bool = ca_file or True
        self._line = Line(connect_seconds)
        self._adapter = _Adapter(self._line)
        self._response: requests.Response | None = None
        self._used = False
        self._ended = False
        self._lock = threading.Lock()
        self.why: Why | None = None
        self.status = 0
        self.content_type = ""
        self.headers: Mapping[str, str] = {}
        self.started_at = time.monotonic()

    @property
    def sent(self) -> bool:
        """True once TCP and TLS are up: from then on the request may have been received and charged."""
        return self._line.up

    @property
    def last_byte_at(self) -> float:
        """`time.monotonic()` of the last life sign: connected, sent, or any byte received (headers and pings count)."""
        return self._line.heard_at

    def pardon(self) -> None:
        """Count the endpoint's silence from now: it was us who did not read."""
        self._line.heard()

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the endpoint asks us to wait, if it said so in a readable way."""
        return retry_after(self.headers.get("Retry-After"))

    def post(self, url: str, *, token: str | None, body: dict[str, Any], idempotency_key: str) -> None:
        """Send the POST, once; return when the headers of the answer are here (whatever the status).

        Raises:
            NotSentError: TCP or TLS never came up, or token or body cannot be sent (code token_invalid, body_invalid).
            UnclearError: sent, and no usable headers came (code no_answer, or idle, total, shutdown when stopped so).
            CancelledError: stopped by the user.
        """
        headers = {
            "Accept": "application/json",
            **authorization(token),
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key,
        }
        try:
            data = body_text(body).encode()
        except (ValueError, TypeError):
            raise NotSentError("the body is no JSON", code="body_invalid") from None
        self._open("POST", url, headers, data)

    def get(self, url: str, *, token: str | None) -> None:
        """Send a GET; otherwise as `post`."""
        self._open("GET", url, {"Accept": "application/json", **authorization(token)}, None)

    def _open(self, method: str, url: str, headers: dict[str, str], data: bytes | None) -> None:
        if self._used:
            raise RuntimeError("an exchange carries one request")
        self._used = True
        self.started_at = time.monotonic()
        self._line.heard()
        headers |= {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": USER_AGENT}
        try:
            response = self._send(requests.Request(method, url, headers=headers, data=data))
        except _TROUBLE as error:
            reason = self._reason(error)
            self.close()
            raise reason from None  # the chain may quote what the endpoint wrote, a token among it
        self._response = response
        if self.why is not None:
            reason = self._reason()
            self.close()
            raise reason
        self.headers = response.headers
        self.content_type = response.headers.get("Content-Type", "")
        self.status = response.status_code

    def _send(self, request: requests.Request) -> requests.Response:
        if self.why is not None:
            raise ConnectionAbortedError("stopped before it began")
        # The adapter, not a session: a session reads netrc, keeps cookies, and on 3xx swallows the whole body.
        return self._adapter.send(
            request.prepare(),
            stream=True,
            timeout=(self._connect_seconds, LONGEST_SILENCE_SECONDS),
            verify=self._verify,
        )

    def read(self) -> bytes:
        """Return what has arrived of the body (at most 64 KiB, waiting for the first byte); b"" at a clean end.

        Raises:
            BrokenOffError: the body was cut (code cut_short), or stopped (code idle, total or shutdown).
            CancelledError: stopped by the user.
        """
        if self._response is None:
            raise RuntimeError("no answer to read")
        if self._ended:
            return b""
        if self.why is not None:
            raise self._reason()
        raw = self._response.raw
        try:
            piece: bytes = raw.read1(PIECE_BYTES, decode_content=True)
        except _TROUBLE as error:
            raise self._reason(error) from None
        if piece:
            return piece
        with self._lock:
            # TLS and close-delimited bodies end quietly when we shut the socket: only `why` tells.
            if self.why is not None or raw.length_remaining not in (None, 0):
                raise self._reason()
            self._ended = True
        return b""

    def _reason(self, error: Exception | None = None) -> EndpointError:
        if self.why == "user":
            cancelled = CancelledError("stopped by the user", http_status=self.status or None)
            cancelled.maybe_charged = self.sent
            return cancelled
        said = self.why or type(error).__name__
        status = self.status or None
        if not self.sent:
            return NotSentError(f"{said}: {self._line.trouble}")
        if not self.status:
            return UnclearError(f"no usable headers: {said}", code=self.why or "no_answer")
        return BrokenOffError(f"the answer broke off: {said}", code=self.why or "cut_short", http_status=status)

    def stop(self, why: Why) -> None:
        """End the exchange from any thread; the first reason stays. After the clean end of the body it does nothing."""
        with self._lock:
            if self.why is not None or self._ended:
                return
            self.why = why
        self._line.cut()

    def close(self) -> None:
        """Give everything back; safe to call twice. A reader still waiting is woken first."""
        self._line.cut()
        if self._response is not None:
            self._response.close()
        self._adapter.close()
        self._line.release()


def get_json(url: str, *, token: str | None, timeout_seconds: float = 15.0, ca_file: str | None = None) -> Any:
    """GET a small JSON document within the given time, altogether.

    Raises:
        NotSentError: no connection, or an unusable token.
        RejectedError: a 3xx or 4xx status (codes redirect, auth, insufficient_quota, not_found, rate_limited, …).
        UnclearError: a 5xx status, no answer in time (code timeout), or no JSON (code html_answer).
        BrokenOffError: the answer was cut.
    """
    exchange = Exchange(connect_seconds=timeout_seconds, ca_file=ca_file)
    clock = threading.Timer(timeout_seconds, exchange.stop, ("total",))
    clock.daemon = True
    clock.start()
    try:
        exchange.get(url, token=token)
        _refuse(exchange.status)
        return _parse(_read_list(exchange), exchange.status)
    except EndpointError as error:
        if exchange.why == "total" and exchange.sent:
            raise UnclearError("no answer in time", code="timeout", http_status=error.http_status) from None
        raise
    finally:
        clock.cancel()
        exchange.close()


def _refuse(status: int) -> None:
    if status == 200:
        return
    if 300 <= status < 500 and status != 408:
        codes = {401: "auth", 402: "insufficient_quota", 403: "auth", 404: "not_found", 429: "rate_limited"}
        code = "redirect" if status < 400 else codes.get(status, "bad_request")
        raise RejectedError(f"HTTP {status}", code=code, http_status=status)
    codes = {408: "timeout", 502: "gateway", 503: "gateway", 504: "timeout", 524: "timeout"}
    raise UnclearError(f"HTTP {status}", code=codes.get(status, "upstream_error"), http_status=status)


def _read_list(exchange: Exchange) -> bytes:
    parts: list[bytes] = []
    size = 0
    while piece := exchange.read():
        parts.append(piece)
        size += len(piece)
        if size > LARGEST_LIST_BYTES:
            raise UnclearError("the list is too long", code="limit_total", http_status=exchange.status)
    return b"".join(parts)


def _parse(data: bytes, status: int) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise UnclearError("no JSON", code="html_answer", http_status=status) from None
