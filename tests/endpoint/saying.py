"""Answers put together for tests of the reader."""

from __future__ import annotations

import json
from typing import Any

from services.endpoint.answer import Answer, AnswerReader

STOP: dict[str, Any] = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
DONE = "[DONE]"


def said(content: Any = None, **more: Any) -> dict[str, Any]:
    """Return a chunk that says this."""
    delta = {"content": content, **more} if content is not None else more
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def body_of(*items: Any) -> bytes:
    """Return the body of an event stream with these chunks."""
    texts = (item if isinstance(item, str) else json.dumps(item) for item in items)
    return "".join(f"data: {text}\n\n" for text in texts).encode()


def read(
    body: bytes, *, status: int = 200, kind: str = "text/event-stream", step: int = 0, whole: bool = True
) -> Answer:
    """Read a body, `step` bytes at a time (0: at once)."""
    reader = AnswerReader(http_status=status, content_type=kind, base_url="https://relay.example/v1")
    for start in range(0, len(body), step or max(1, len(body))):
        reader.feed(body[start : start + (step or len(body))])
    return reader.finish(complete=whole)


def answer(*items: Any) -> Answer:
    """Read a stream of these chunks, whole and byte by byte, which must come to the same."""
    body = body_of(*items)
    result = read(body)
    assert read(body, step=1) == result
    return result
