"""Endpoints that say our token back, in every place and cut in every way: none of it may be kept or shown."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.fault_server.call import Call, chunk
from tests.fault_server.streams import USAGE
from tests.faults.canary import TOKEN

HALF = len(TOKEN) // 2


def _plain(call: Call) -> None:
    """In the middle of one delta, as a header would say it, and in a link."""
    call.head()
    call.deltas(["Your key is ", f"{TOKEN}, that is Bearer {TOKEN}. ", f"http://127.0.0.1:9/v.mp4?key={TOKEN} "])
    call.finish(usage=USAGE)


def _over_deltas(call: Call) -> None:
    """Each sign in a delta of its own: no chunk of bytes ever holds it whole."""
    call.head()
    link = f"http://127.0.0.1:9/v.mp4?key={TOKEN}"
    call.deltas(["Your key is ", *TOKEN, ", is it not? [▶️ 观看](", *link, ") task_id: ", *TOKEN, "\n"])
    call.finish(usage=USAGE)


def _over_deltas_that_stop(call: Call) -> None:
    """The same, and then the line breaks: what is kept is joined from the pieces."""
    call.head()
    call.deltas(["Your key is ", TOKEN[:HALF], TOKEN[HALF:], " and so on"])
    call.hold()


def _over_bytes(call: Call) -> None:
    """Each byte of the body in a chunk of its own."""
    call.head()
    for event in (chunk({"content": f"Your key is {TOKEN}. "}), chunk({}, finish="stop", usage=USAGE)):
        for sign in b"data: " + json.dumps(event).encode() + b"\n\n":
            call.body(bytes([sign]))
    call.end()


def _reasoning(call: Call) -> None:
    """Thought of, in halves."""
    call.head()
    for half in ("The key: ", TOKEN[:HALF], TOKEN[HALF:], "."):
        call.event(chunk({"reasoning_content": half}))
    call.deltas(["done "])
    call.finish(usage=USAGE)


def _oddities(call: Call) -> None:
    """In fields that nobody reads, in a comment, in an event's name and id, in the usage, in a task id."""
    call.head("200 OK", "text/event-stream", f"X-Request-Id: {TOKEN}", f"Set-Cookie: key={TOKEN}")
    call.body(f": {TOKEN}\nid: {TOKEN}\nevent: {TOKEN}\ndata: {{}}\n\n".encode())
    call.deltas([f"task_id: {TOKEN} 进度 36% ", "done "])
    call.event(chunk({"content": "x", TOKEN: TOKEN}, finish=TOKEN, usage={**USAGE, "key": TOKEN}))
    call.finish(TOKEN, usage={**USAGE, "who": TOKEN})


def _error_event(call: Call) -> None:
    call.head()
    call.deltas(["half "])
    call.event({"error": {"message": f"key {TOKEN} is not liked", "type": TOKEN, "code": TOKEN}})
    call.end()


def _page(call: Call) -> None:
    call.reply("502 Bad Gateway", f"<h1>{TOKEN}</h1>".encode(), content_type=f"text/html; name={TOKEN}")


def _refusal(call: Call) -> None:
    error = {"message": f"Incorrect key {TOKEN}", "type": TOKEN, "code": TOKEN, "param": f"Bearer {TOKEN}"}
    call.reply(f"403 {TOKEN}", {"error": error}, f"Retry-After: {TOKEN}", f"Location: /{TOKEN}")


def _whole_json(call: Call) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": f"Key: {TOKEN}"}, "finish_reason": TOKEN}
    call.reply("200 OK", {"id": TOKEN, "model": TOKEN, "choices": [choice], "usage": USAGE})


def _not_http(call: Call) -> None:
    call.send(f"220 {TOKEN} ESMTP\r\n".encode())


def _redirect(call: Call) -> None:
    call.reply("307 Temporary Redirect", b"", f"Location: http://elsewhere.invalid/{TOKEN}", content_type="text/plain")


ECHOES: dict[str, Callable[[Call], None]] = {
    "in one delta and a link": _plain,
    "a sign a delta": _over_deltas,
    "in halves, then cut": _over_deltas_that_stop,
    "a byte a chunk": _over_bytes,
    "in the reasoning": _reasoning,
    "in fields nobody reads": _oddities,
    "in an error event": _error_event,
    "in a gateway's page": _page,
    "in a refusal": _refusal,
    "in one JSON": _whole_json,
    "in no HTTP": _not_http,
    "in a redirect": _redirect,
}
