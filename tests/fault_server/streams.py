"""The up-* scenarios whose head is fine and whose stream is not (or only looks odd)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.fault_server.call import Call, chunk

USAGE = {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21}


def good(call: Call, *, usage: Any = USAGE, reason: str = "stop", more: tuple[str, ...] = ()) -> None:
    """A whole, healthy answer."""
    call.head("200 OK", "text/event-stream", *more)
    call.deltas()
    call.finish(reason, usage=usage)


def _begin(call: Call, *, how: str = "chunked") -> None:
    """Half of the answer."""
    call.head(how=how)
    call.deltas(call.pieces[:4])


def _stall(call: Call) -> None:
    _begin(call)
    call.hold()


def _pings(call: Call) -> None:
    _begin(call)
    while not call.hold(0.1):
        call.body(b": ping\n\n")


def _reset(call: Call) -> None:
    _begin(call)
    call.hold(call.options.get("before_reset", 0.2))  # or the RST overtakes what was sent
    call.reset()


def _then(call: Call, *, data: bytes) -> None:
    _begin(call)
    call.send(data)


def _no_done_no_finish(call: Call) -> None:
    _begin(call)
    call.end()


def _finish_only(call: Call) -> None:
    call.head()
    call.deltas()
    call.finish(usage=USAGE, done=False)


def _done_without_blank_line(call: Call) -> None:
    call.head()
    call.deltas()
    call.event(chunk({}, finish="stop"))
    call.body(b"data: [DONE]")
    call.end()


def _close_delimited(call: Call) -> None:
    _begin(call, how="close")
    call.send(b'data: {"choices":[{"index":0,"delta":{"cont')


def _after_done(call: Call) -> None:
    call.head()
    call.deltas()
    call.event(chunk({}, finish="stop"))
    call.event(b"[DONE]")
    call.event(chunk({"content": "text that nobody asked for"}))
    call.end()


def _open_after_done(call: Call) -> None:
    call.head()
    call.deltas()
    call.event(chunk({}, finish="stop"))
    call.event(b"[DONE]")
    call.hold()


def _error(call: Call, *, data: Any, name: str = "") -> None:
    _begin(call)
    call.event(data, name=name)
    call.end()


def _between(call: Call, *, odd: tuple[bytes, ...]) -> None:
    """Odd events in the middle of a good answer."""
    call.head()
    call.deltas(call.pieces[:3])
    for data in odd:
        call.event(data)
    for piece in call.pieces[3:]:
        call.delta(piece)
    call.finish(usage=USAGE)


_WRONG_SHAPES = (
    b"[]",
    b"5",
    b"null",
    b'"text"',
    b"{}",
    b'{"choices":{}}',
    b'{"choices":[]}',
    b'{"choices":[null]}',
    b'{"choices":[{"delta":null}]}',
    b'{"choices":[{"delta":[]}]}',
    b'{"choices":[{"delta":{"content":null}}]}',
    b'{"choices":[{"delta":{"content":{"a":1}}}]}',
    b'{"choices":[{"index":0,"delta":{},"finish_reason":null}],"usage":[]}',
)


def _bytes_apart(call: Call) -> None:
    """Each byte a chunk of its own."""
    call.head()
    whole = b"".join(_lines(call))
    for at in range(len(whole)):
        call.body(whole[at : at + 1])
    call.end()


def _lines(call: Call, end: bytes = b"\n") -> list[bytes]:
    call.text += call.pieces
    events = [json.dumps(chunk({"content": piece}), ensure_ascii=False).encode() for piece in call.pieces]
    events += [json.dumps(chunk({}, finish="stop", usage=USAGE)).encode(), b"[DONE]"]
    return [b"data: " + event + end + end for event in events]


def _crlf(call: Call) -> None:
    call.head()
    for line in _lines(call, b"\r\n"):
        call.body(line)
    call.end()


def _separators(call: Call) -> None:
    call.head()
    call.deltas(["one\u2028two", "\u2029\u0085\u000b\u000c\u001c\u001e", " end"])
    call.finish(usage=USAGE)


def _endless_line(call: Call) -> None:
    _begin(call)
    call.body(b"data: ")
    for _ in range(call.options.get("mebibytes", 100)):
        call.body(b"x" * 1024 * 1024)
    call.end()


def _tiny_deltas(call: Call) -> None:
    call.head()
    count = call.options.get("count", 200_000)
    event = b"data: " + json.dumps(chunk({"content": "ab"})).encode() + b"\n\n"
    for _ in range(count // 1000):
        call.text.append("ab" * 1000)
        call.body(event * 1000)
    call.finish(usage=USAGE)


def _usage_everywhere(call: Call) -> None:
    call.head()
    for at, piece in enumerate(call.pieces, 1):
        call.delta(piece, usage={"prompt_tokens": 9, "completion_tokens": at, "total_tokens": 9 + at})
    call.finish(usage=USAGE)


def _gzip(call: Call) -> None:
    packer = zlib.compressobj(wbits=31)
    call.head("200 OK", "text/event-stream", "Content-Encoding: gzip")
    for line in _lines(call):
        call.body(packer.compress(line) + packer.flush(zlib.Z_SYNC_FLUSH))
    call.body(packer.flush())
    call.end()


def _gzip_bomb(call: Call) -> None:
    packer = zlib.compressobj(wbits=31)
    call.head("200 OK", "text/event-stream", "Content-Encoding: gzip")
    call.body(packer.compress(b"data: ") + packer.flush(zlib.Z_SYNC_FLUSH))
    for _ in range(call.options.get("mebibytes", 200)):
        if packed := packer.compress(b"x" * 1024 * 1024):
            call.body(packed)
    call.body(packer.flush())
    call.end()


def _gzip_broken(call: Call) -> None:
    packer = zlib.compressobj(wbits=31)
    call.head("200 OK", "text/event-stream", "Content-Encoding: gzip")
    lines = _lines(call)[:3]
    call.text = call.text[:3]
    for line in lines:
        call.body(packer.compress(line) + packer.flush(zlib.Z_SYNC_FLUSH))
    call.body(b"\xff" * 64)
    call.end()


def _parts(call: Call) -> None:
    call.head()
    for piece in call.pieces:
        call.text.append(piece)
        call.event(chunk({"content": [{"type": "text", "text": piece}]}))
    call.finish(usage=USAGE)


def _two_choices(call: Call) -> None:
    call.head()
    for piece in call.pieces:
        call.text.append(piece)
        both = chunk({"content": piece})
        both["choices"].append({"index": 1, "delta": {"content": "the other"}, "finish_reason": None})
        call.event(both)
    call.finish(usage=USAGE)


def _reasoning(call: Call) -> None:
    call.head()
    call.event(chunk({"role": "assistant"}))
    call.event(chunk({"reasoning_content": "Let me think. ", "content": None}))
    call.event(chunk({"reasoning_content": "A boat."}))
    for piece in call.pieces:
        call.delta(piece)
    call.finish(usage=USAGE)


_RAW = b'{"choices":[{"index":0,"delta":{"content":"%s"}}]}'
_COOKIES = ("Set-Cookie: session=1; Path=/", "Set-Cookie: other=2", "X-Request-Id: " + "r" * 8000)
_ERROR = {"error": {"message": "the upstream gave up", "type": "server_error", "code": "failed"}}

STREAMS: dict[str, Callable[[Call], None]] = {
    "up-ok": good,
    "up-stall-mid-stream": _stall,
    "up-only-pings-until-deadline": _pings,
    "up-reset-mid-stream": _reset,
    "up-truncated-http-chunk": partial(_then, data=b"400\r\ndata: {"),
    "up-no-last-chunk": _begin,
    "up-bad-chunk-size": partial(_then, data=b"zz\r\nhello\r\n"),
    "up-eof-no-done-no-finish": _no_done_no_finish,
    "up-finish-but-no-done": _finish_only,
    "up-done-without-blank-line": _done_without_blank_line,
    "up-close-delimited-cut": _close_delimited,
    "up-after-done-more-text": _after_done,
    "up-stays-open-after-done": _open_after_done,
    "up-error-json-mid-stream": partial(_error, data=_ERROR),
    "up-error-event-mid-stream": partial(_error, data={"message": "the upstream gave up"}, name="error"),
    "up-error-string-mid-stream": partial(_error, data={"error": "the upstream gave up"}),
    "up-finish-reason-content-filter": partial(good, reason="content_filter"),
    "up-finish-reason-length": partial(good, reason="length"),
    "up-invalid-json-chunk": partial(_between, odd=(b'{"choices":[{"delta":{"content":"half', b"{'a': 1}")),
    "up-json-wrong-shapes": partial(_between, odd=_WRONG_SHAPES),
    "up-deep-json": partial(_between, odd=(b"[" * 100_000 + b"]" * 100_000,)),
    "up-huge-int-json": partial(_between, odd=(b'{"created":' + b"9" * 10_000 + b',"choices":[]}',)),
    "up-invalid-utf8": partial(_between, odd=(_RAW % b"caf\xff\xe9",)),
    "up-lone-surrogate": partial(_between, odd=(_RAW % b"\\ud83d",)),
    "up-nul-character": partial(_between, odd=(_RAW % b"a\\u0000b",)),
    "up-one-byte-chunks": _bytes_apart,
    "up-crlf-lines": _crlf,
    "up-u2028-in-text": _separators,
    "up-line-of-100-MB": _endless_line,
    "up-200k-tiny-deltas": _tiny_deltas,
    "up-no-usage": partial(good, usage=None),
    "up-usage-negative": partial(good, usage={"prompt_tokens": -1, "completion_tokens": -2, "total_tokens": -3}),
    "up-usage-huge": partial(
        good, usage={"prompt_tokens": 10**30, "completion_tokens": 10**30, "total_tokens": 2 * 10**30}
    ),
    "up-usage-floats-and-strings": partial(
        good, usage={"prompt_tokens": 9.5, "completion_tokens": "12", "total_tokens": "many"}
    ),
    "up-usage-in-every-chunk": _usage_everywhere,
    "up-gzip-though-not-asked": _gzip,
    "up-gzip-bomb": _gzip_bomb,
    "up-gzip-broken": _gzip_broken,
    "up-content-is-list-of-parts": _parts,
    "up-two-choices": _two_choices,
    "up-role-only-and-reasoning": _reasoning,
    "up-set-cookie-and-huge-request-id": partial(good, more=_COOKIES),
}
