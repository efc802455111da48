"""Every recorded dialect, whole and one byte at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.endpoint.answer import Answer, AnswerReader

FOLDER = Path(__file__).parent / "data" / "transcripts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def read(body: bytes, side: dict[str, Any], step: int) -> Answer:
    http = side["http"]
    reader = AnswerReader(
        http_status=http["status"], content_type=http["content_type"], base_url="https://relay.example/v1"
    )
    for start in range(0, len(body), step):
        reader.feed(body[start : start + step])
        if start % 101 == 0:
            reader.snapshot()  # looking must change nothing
    return reader.finish()


@pytest.mark.parametrize("name", NAMES)
def test_a_transcript_is_read_as_its_sidecar_says(name: str) -> None:
    side = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    body, expected = (FOLDER / f"{name}.sse").read_bytes(), side["expected"]
    answer = read(body, side, 1 << 20)
    assert read(body, side, 1) == answer
    assert list(answer.video_urls) == expected["video_urls"]
    assert list(answer.progress) == expected["progress_percents"]
    assert list(answer.task_ids) == expected["task_ids"]
    assert set(answer.recovery_urls) == set(expected.get("recovery_urls", []))
    assert (answer.finish_reason, answer.done_seen) == (expected["finish_reason"], expected["done_seen"])
    assert all(part in answer.content for part in expected["final_text_contains"])
    assert all(part in answer.reasoning for part in expected["reasoning_contains"])
    assert usage_of(answer) == expected["usage"]
    check_error(answer, expected["error"])


def usage_of(answer: Answer) -> dict[str, int | None] | None:
    usage = answer.usage
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens,
    }


def check_error(answer: Answer, expected: dict[str, Any] | None) -> None:
    if expected is None:
        assert answer.error is None
        return
    assert answer.error is not None
    assert expected["message_contains"] in answer.error.message
    for key in ("kind", "category", "type", "code"):
        assert getattr(answer.error, key) == expected.get(key, getattr(answer.error, key))
