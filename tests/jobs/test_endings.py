"""How an answer ends, in words."""

from __future__ import annotations

import pytest

from services.endpoint.answer import AnswerReader
from services.jobs.endings import with_answer


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"choices": [{"message": {"content": "half an ans'),
        ("text/event-stream", b'data: {"choices": [{"delta": {"content": "half"}}]}\n\n'),
    ],
)
def test_an_answer_that_broke_off_always_says_so_in_words(content_type: str, body: bytes) -> None:
    reader = AnswerReader(http_status=200, content_type=content_type, base_url="https://a.example/v1")
    reader.feed(body)
    ending = with_answer(reader.finish(complete=False), why=None, http_status=200, duration_seconds=1.0)

    assert ending.error_code == "cut_short"
    assert ending.error_message
