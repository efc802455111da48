"""All up-* scenarios by name: statuses and heads here, streams in the module beside."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from tests.fault_server import streams
from tests.fault_server.call import Call

Scenario: TypeAlias = Callable[[Call], None]

_STATUSES = {
    400: ("Bad Request", "invalid_request_error"),
    401: ("Unauthorized", "invalid_api_key"),
    402: ("Payment Required", "insufficient_quota"),
    403: ("Forbidden", "permission_denied"),
    404: ("Not Found", "model_not_found"),
    408: ("Request Timeout", "timeout"),
    409: ("Conflict", "conflict"),
    413: ("Content Too Large", "too_large"),
    422: ("Unprocessable Content", "invalid_request_error"),
    429: ("Too Many Requests", "rate_limit_exceeded"),
    500: ("Internal Server Error", "server_error"),
    503: ("Service Unavailable", "overloaded"),
    504: ("Gateway Timeout", "timeout"),
    524: ("A Timeout Occurred", "timeout"),
}
_HTML = b"<!doctype html><html><head><title>502</title></head><body><h1>Bad <b>Gateway</b></h1></body></html>"


def _status(call: Call, *, status: int, header: str = "") -> None:
    words, code = _STATUSES[status]
    error = {"message": f"The endpoint says {words} (request id: 2025)", "type": "new_api_error", "code": code}
    call.reply(f"{status} {words}", {"error": error}, *([header] if header else []))


def _gateway_html(call: Call) -> None:
    call.reply("502 Bad Gateway", _HTML, content_type="text/html; charset=utf-8")


def _huge_body(call: Call) -> None:
    call.head("500 Internal Server Error", "text/plain")
    for _ in range(call.options.get("mebibytes", 50)):
        call.body(b"x" * 1024 * 1024)
    call.end()


def _echoes_token(call: Call) -> None:
    said = call.request.headers.get("authorization", "")
    message = f"Incorrect API key provided: {said.removeprefix('Bearer ')} (header: {said})"
    call.reply("401 Unauthorized", {"error": {"message": message, "type": "auth", "code": "invalid_api_key"}})


def _html(call: Call) -> None:
    call.reply("200 OK", b"<html><body>Please log in to the hotel network</body></html>", content_type="text/html")


def _whole_json(call: Call) -> None:
    text = "".join(call.pieces)
    call.text.append(text)
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    call.reply(
        "200 OK",
        {
            "id": "chatcmpl-123",
            "object": "chat.completion",
            "created": 1677652288,
            "choices": [choice],
            "usage": {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21},
        },
    )


def _json_error(call: Call) -> None:
    call.reply("200 OK", {"error": {"message": "generation failed upstream", "type": "server_error", "code": "failed"}})


def _nothing(call: Call) -> None:
    call.send(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


def _redirect(call: Call, *, status: str) -> None:
    call.reply(status, b"", f"Location: {call.origin}/elsewhere", content_type="text/plain")


def _closes(_: Call) -> None:
    """Hang up: the server closes after each scenario."""


def _resets(call: Call) -> None:
    call.reset()


def _no_http(call: Call) -> None:
    call.send(b"220 mail.example ESMTP ready\r\n")


def _slow_head(call: Call) -> None:
    for sign in b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Slow: " + b"a" * 1000:
        call.send(bytes([sign]))
        if call.hold(0.1):
            return


def _silent(call: Call) -> None:
    call.hold()


def _long_header(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 66_000 + b"\r\n\r\n")


def _continues(call: Call) -> None:
    call.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    streams.good(call)


SCENARIOS: dict[str, Scenario] = {
    **{f"up-http-{status}": partial(_status, status=status) for status in _STATUSES},
    "up-http-429-retry-after": partial(_status, status=429, header="Retry-After: 7"),
    "up-http-429-retry-after-date-past": partial(
        _status, status=429, header="Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"
    ),
    "up-http-429-retry-after-rubbish": partial(_status, status=429, header="Retry-After: soon"),
    "up-http-502-html": _gateway_html,
    "up-http-500-huge-body": _huge_body,
    "up-http-401-echoes-token": _echoes_token,
    "up-http-200-html": _html,
    "up-http-200-json-not-stream": _whole_json,
    "up-http-200-json-error": _json_error,
    "up-http-204": _nothing,
    "up-redirect-307": partial(_redirect, status="307 Temporary Redirect"),
    "up-redirect-302": partial(_redirect, status="302 Found"),
    "up-closed-before-headers": _closes,
    "up-rst-before-headers": _resets,
    "up-not-http": _no_http,
    "up-headers-one-byte-per-100ms": _slow_head,
    "up-no-headers-at-all": _silent,
    "up-headers-64-KiB-line": _long_header,
    "up-http-100-then-200": _continues,
    **streams.STREAMS,
}
