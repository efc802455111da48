"""Endings, limits and hostile answers: whatever comes, one answer, in time, and nothing raises."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.endpoint.answer import AnswerReader
from tests.endpoint.saying import DONE, STOP, answer, body_of, read, said


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        (307, "rejected", "redirect"),
        (401, "rejected", "auth"),
        (404, "rejected", "not_found"),
        (408, "unknown", "timeout"),
        (413, "rejected", "too_large"),
        (429, "rejected", "rate_limited"),
        (500, "unknown", "upstream_error"),
        (502, "unknown", "gateway"),
        (524, "unknown", "gateway"),
        (204, "unknown", "no_answer"),
        (418, "unknown", "bad_request"),
    ],
)
def test_a_status_decides_without_a_body(status: int, state: str, code: str) -> None:
    result = read(b"", status=status)
    assert (result.state, result.error_code) == (state, code)


@pytest.mark.parametrize(
    ("body", "whole", "state", "code"),
    [
        (b"", True, "unknown", "no_answer"),
        (b": ping\n\n", True, "unknown", "no_answer"),
        (b"", False, "unknown", "no_answer"),
        (body_of(said("half")), True, "incomplete", "cut_short"),
        (body_of(said("half")), False, "incomplete", "cut_short"),
        (body_of(said("all"), STOP), False, "done", None),
        (body_of(said("all"), STOP, said("more")), True, "incomplete", "cut_short"),
        (body_of(said("all"), DONE), False, "done", None),
        (body_of(said("all")) + b"data: [DONE]", True, "done", None),
        (body_of(said("all")) + b"data: " + json.dumps(STOP).encode(), True, "done", None),
        (body_of(DONE), True, "done", "empty_answer"),
        (b"Internal trouble", True, "unknown", "no_answer"),
        (b'{"choices": [{"mess', False, "unknown", "cut_short"),
    ],
)
def test_how_an_answer_ends_decides_its_state(body: bytes, whole: bool, state: str, code: str | None) -> None:
    result = read(body, whole=whole)
    assert (result.state, result.error_code) == (state, code)


@pytest.mark.parametrize("total", [True, "5", 1.5, -1, 10**12 + 1, 10**30, None])
def test_a_usage_without_a_believable_total_is_unknown(total: Any) -> None:
    result = answer({**STOP, "usage": {"prompt_tokens": 1, "total_tokens": total}}, DONE)
    assert result.usage is None


def test_a_second_choice_is_kept_out_and_odd_content_does_not_stop_the_answer() -> None:
    two = {"choices": [{"index": 0, "delta": {"content": "a"}}, {"index": 1, "delta": {"content": "b"}}]}
    parts = said([{"type": "text", "text": "c"}, {"type": "video_url", "video_url": {"url": "https://a.example/v"}}])
    result = answer(two, said(None), said(7), parts, {"choices": []}, {"choices": 3}, STOP, DONE)
    assert result.content == "ac"
    assert result.video_urls == ("https://a.example/v",)
    assert {"extra_choices", "content_type", "choices_type"} <= set(result.flags)


def test_what_no_database_takes_is_replaced_and_a_cut_pair_is_joined() -> None:
    result = answer(
        '{"choices":[{"delta":{"content":"a\\u0000\\ud800b\\ud83d"}}]}',
        '{"choices":[{"delta":{"content":"\\ude00"}}]}',
        STOP,
        DONE,
    )
    assert result.content == "a\ufffd\ufffdb😀"


def test_deep_json_and_huge_numbers_raise_nothing() -> None:
    deep = '{"a":' * 100_000
    huge = '{"choices":[{"delta":{"content":"kept"}}],"created":' + "9" * 10_000 + "}"
    result = read(body_of(deep, huge, STOP, DONE))
    assert result.content == "kept"


def test_a_snapshot_tells_only_sure_links() -> None:
    reader = AnswerReader(http_status=200, content_type="", base_url="https://relay.example/v1")
    reader.feed(body_of(said(">🏃 进度 36..44..\n> 排队中")))
    assert reader.snapshot().progress == (36, 44)
    reader.feed(body_of(said("\n[在线播放](https://a.example/v.mp4")))
    assert reader.snapshot().video_urls == ()
    reader.feed(body_of(said("?x=1)")))
    assert reader.snapshot().video_urls == ("https://a.example/v.mp4?x=1",)
    reader.feed(
        body_of(said("\n> 任务ID: `task_0123456789`\n[原始数据](https://asyncdata.example/source/task_0123456789)\n"))
    )
    assert reader.snapshot().task_ids == ("task_0123456789",)
    assert reader.snapshot().recovery_urls == ("https://asyncdata.example/source/task_0123456789",)


def test_limits_of_ours_end_in_failed_with_the_text_kept() -> None:
    result = read(body_of(said("kept")) + b"data: " + b"x" * (4 * 1024**2 + 1))
    assert (result.state, result.error_code, result.content) == ("failed", "limit_line", "kept")
    reader = AnswerReader(http_status=200, content_type="", base_url="https://relay.example")
    for _ in range(20):
        reader.feed(body_of(said("y" * 1024**2)))
    assert reader.failed
    assert reader.finish().error_code == "limit_text"


def test_very_many_small_deltas_take_a_few_seconds() -> None:
    body = body_of(*[said("好.")] * 200_000, STOP, DONE)
    started = time.process_time()
    reader = AnswerReader(http_status=200, content_type="", base_url="https://relay.example")
    for start in range(0, len(body), 65536):
        reader.feed(body[start : start + 65536])
        reader.snapshot()
    assert len(reader.finish().content) == 400_000
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "bit",
    [
        "[](",
        "<video ",
        "[a](b(",
        "https://",
        '<a b="',
        "progress 1",
        "> ID: ",
        "```json\n",
        '{"a":',
        "![",
        "1.1",
        "/a",
        "<think>",
        "\n/x.mp4 ",
    ],
)
def test_hostile_repetition_takes_linear_time(bit: str) -> None:
    body = body_of(said(bit * (1024**2 // len(bit))), STOP, DONE)
    started = time.process_time()
    read(body)
    assert time.process_time() - started < 8


FRAGMENTS = st.sampled_from(
    [
        b"data: ",
        b"\n",
        b"\r\n",
        b"\r",
        b"\n\n",
        b"[DONE]",
        b"event: error\n",
        b"\xef\xbb\xbf",
        b"<",
        b"{",
        b"}",
        b": x\n",
        body_of(said("> 进度 3")),
        body_of(said("6..\n")),
        body_of(said("<thi")),
        body_of(said("nk>a</think>")),
        body_of(STOP),
        body_of(said("[v](https://a.example/")),
        body_of(said("v.mp4)")),
        body_of(said("```json\n")),
        body_of({"error": "x"}),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(FRAGMENTS, st.binary(max_size=12)), max_size=14),
    st.lists(st.integers(1, 40), min_size=1, max_size=30),
    st.booleans(),
)
def test_any_bytes_cut_anywhere_give_one_answer_and_raise_nothing(
    parts: list[bytes], steps: list[int], whole: bool
) -> None:
    body = b"".join(parts)
    reader = AnswerReader(http_status=200, content_type="", base_url="https://relay.example/v1")
    start = 0
    for number in range(len(body)):
        step = steps[number % len(steps)]
        reader.feed(body[start : start + step])
        reader.snapshot()
        start += step
        if start >= len(body):
            break
    assert reader.finish(complete=whole) == read(body, whole=whole)


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "delta",
                    "content",
                    "error",
                    "usage",
                    "url",
                    "type",
                    "code",
                    "message",
                    "total_tokens",
                    "output",
                    "stage",
                    "progress",
                    "wm",
                    "reasoning_content",
                    "detail",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["choices", "error", "usage", "message", "code", "detail", "output", "type"]),
            JSON_VALUES,
            max_size=4,
        ),
        max_size=4,
    ),
    st.sampled_from([200, 401, 500]),
)
def test_any_json_raises_nothing(chunks: list[dict[str, Any]], status: int) -> None:
    read(body_of(*chunks, {"choices": [{"delta": chunk, "finish_reason": None} for chunk in chunks]}), status=status)
    for chunk in chunks:
        read(json.dumps(chunk).encode(), status=status)


def test_a_link_cut_in_the_middle_is_not_taken_for_a_video() -> None:
    result = read(body_of(said("[在线播放](https://a.example/v.mp4")), whole=False)
    assert (result.state, result.video_urls) == ("incomplete", ())
