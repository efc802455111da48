"""The decoder against the vectors written from the WHATWG text (80 of those Chromium agreed on)."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from services.endpoint.sse import LINE_LIMIT_BYTES, Decoder

VECTORS = json.loads((Path(__file__).parent / "data" / "sse_vectors.json").read_text("utf-8"))


def decode(body: bytes, cuts: list[int]) -> list[dict[str, str]]:
    decoder, events, start = Decoder(), [], 0
    for end in [*cuts, len(body)]:
        events += decoder.feed(body[start:end])
        start = end
    return [{"event": event.event, "data": event.data, "id": event.id} for event in events]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_vector_gives_its_events_wherever_it_is_cut(vector: dict[str, Any]) -> None:
    body = base64.b64decode(vector["bytes_base64"])
    for cuts in ([], sorted(vector["chunk_cuts"]), list(range(1, len(body)))):
        if len(cuts) < 20_000:
            assert decode(body, cuts) == vector["expected_events"]


def test_a_line_over_the_limit_is_given_up_and_not_kept() -> None:
    decoder = Decoder()
    for _ in range(LINE_LIMIT_BYTES // 65536 + 1):
        decoder.feed(b"x" * 65536)
    assert decoder.over == "limit_line"
    assert decoder.feed(b"\n\ndata: y\n\n") == []
