"""Dialects and faults that no recording shows: PROTOCOL.md, sections 2 and 7; RELIABILITY.md, a and b."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.endpoint.answer import Answer, AnswerReader

STOP: dict[str, Any] = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
DONE = "[DONE]"


def said(content: Any = None, **more: Any) -> dict[str, Any]:
    delta = {"content": content, **more} if content is not None else more
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def body_of(*items: Any) -> bytes:
    texts = (item if isinstance(item, str) else json.dumps(item) for item in items)
    return "".join(f"data: {text}\n\n" for text in texts).encode()


def read(
    body: bytes, *, status: int = 200, kind: str = "text/event-stream", step: int = 0, whole: bool = True
) -> Answer:
    reader = AnswerReader(http_status=status, content_type=kind, base_url="https://relay.example/v1")
    for start in range(0, len(body), step or max(1, len(body))):
        reader.feed(body[start : start + (step or len(body))])
    return reader.finish(complete=whole)


def answer(*items: Any) -> Answer:
    body = body_of(*items)
    result = read(body)
    assert read(body, step=1) == result
    return result


def test_a_leading_think_block_is_reasoning_and_an_index_that_grows_does_no_harm() -> None:
    chunks = [
        said("<thi"),
        said("nk>视频已生成5%\n"),
        said("视频已生成100%</thi"),
        said('nk>\n<video src="/images/a.mp4" controls></video>'),
    ]
    for number, chunk in enumerate(chunks):
        chunk["choices"][0]["index"] = number
    result = answer(*chunks, STOP, DONE)
    assert result.reasoning == "视频已生成5%\n视频已生成100%"
    assert (result.video_urls, result.resolved_video_urls) == (
        ("/images/a.mp4",),
        ("https://relay.example/images/a.mp4",),
    )
    assert result.progress == (5, 100)
    assert "choice_index" in result.flags


def test_rounds_may_start_again() -> None:
    text = "<think>[round=1/2] progress=36%\n[round=1/2] progress=90%\n[round=2/2] progress=12%\n</think>"
    film = '<video controls poster="https://a.example/p.jpg"><source id="mp4" src="https://a.example/v/x" type="video/mp4">您的浏览器</video>'
    result = answer(said(text), said(film), STOP, DONE)
    assert result.progress == (36, 90, 12)
    assert result.video_urls == ("https://a.example/v/x",)


def test_progress_with_a_full_width_colon_and_decimals() -> None:
    result = answer(
        said("> 🏃 进度：36.0%\n> 🏃 进度：98.7%\n"),
        said("> ✅ 视频生成成功，[点击这里](https://a.example/f/1) 查看视频~~~"),
        STOP,
        DONE,
    )
    assert result.progress == (36, 98)
    assert result.video_urls == ("https://a.example/f/1",)


def test_an_echoed_request_is_neither_progress_nor_a_result() -> None:
    echo = '```json\n{\n  "prompt": "50% off, progress 12% https://a.example/mine.mp4",\n  "duration": 15\n}\n```\n'
    result = answer(said(echo), said("> 进度 44.."), said("61.."), STOP, DONE)
    assert result.progress == (44, 61)
    assert (result.video_urls, result.outcome) == ((), "text")


def test_a_malformed_sample_line_is_counted_and_passed_over() -> None:
    result = answer('{"choices":[{"delta":{"content":"x"}}]]}', said("[video](https://a.example/v.mp4)"), STOP, DONE)
    assert (result.bad_lines, result.flags, result.outcome) == (1, ("bad_json",), "video")


def test_task_ids_and_links_in_fields_are_kept() -> None:
    output = [{"url": "https://a.example/az/files/x%2Fraw?se=1&sig=%2B", "type": "video", "task_id": "task_42abc"}]
    result = answer(said(output=output, wm={"stage": "finalizing", "task_id": "task_42abc"}), STOP, DONE)
    assert result.task_ids == ("task_42abc",)
    assert result.video_urls == (output[0]["url"],)
    assert (result.stage, result.outcome) == ("finalizing", "video")


def test_reasoning_may_be_an_object_and_content_a_json_string() -> None:
    stage = {"stage": "generation", "status": "processing", "progress": 36, "message": "Video generation progress: 36%"}
    final = json.dumps({"type": "video", "url": "https://a.example/v/1?x=%2F"})
    result = answer(
        said(reasoning_content=stage),
        said(reasoning_content={**stage, "progress": 72, "message": "on"}),
        said(final),
        STOP,
        DONE,
    )
    assert result.progress == (36, 72)
    assert result.video_urls == ("https://a.example/v/1?x=%2F",)
    assert "Video generation progress: 36%" in result.reasoning


def test_an_early_stop_does_not_end_the_answer() -> None:
    early = {"choices": [{"index": 1, "delta": {"content": "\n\n视频仍在生成"}, "finish_reason": "stop"}]}
    late = {
        "choices": [
            {
                "index": 1,
                "delta": {
                    "content": "✅ 视频生成完成！\n\n![video](https://a.example/v?mime_type=video_mp4)\n下载或分享：https://a.example/v?mime_type=video_mp4"
                },
                "finish_reason": None,
            }
        ]
    }
    end = {"choices": [{"index": 2, "delta": {"content": ""}, "finish_reason": "stop"}]}
    result = answer(said("🎬 视频生成中，请稍候..."), early, late, end, DONE)
    assert (result.state, result.video_urls) == ("done", ("https://a.example/v?mime_type=video_mp4",))
    assert read(body_of(early, late)).state == "incomplete"


def test_a_page_link_alone_is_a_link() -> None:
    result = answer(said("✅ 视频生成完成\n🔗 https://drive.google.com/file/d/abc/view?usp=sharing\n"), STOP, DONE)
    assert (result.outcome, result.video_urls) == ("link", ())
    assert [link.kind for link in result.links] == ["page"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("视频生成超时，请稍后再试", "timeout"),
        ("视频生成失败: upstream said no", "upstream_error"),
        ('生成失败 ❌\n> Reason: {"m": "violates our content policy"}', "content_policy"),
        ("I'm sorry, but I can't help with that.", "content_policy"),
        ("[无法生成视频]: 即梦积分不足", "insufficient_quota"),
    ],
)
def test_failure_wording_without_a_link_is_a_refusal(text: str, code: str) -> None:
    result = answer(said(text), STOP, DONE)
    assert (result.state, result.outcome, result.error_code) == ("done", "refused", code)


def test_the_documented_sample_is_plain_text() -> None:
    sample = {
        "id": "chatcmpl-123",
        "object": "chat.completion",
        "created": 1677652288,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "\n\nHello there, how may I assist you today?"},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21},
    }
    result = read(json.dumps(sample, indent=2).encode(), kind="application/json")
    assert (result.state, result.outcome, result.error) == ("done", "text", None)
    assert result.usage is not None
    assert result.usage.total_tokens == 21


@pytest.mark.parametrize(
    "broken",
    [
        {"error": {"message": "boom"}},
        {"error": "boom"},
        {"detail": "boom"},
        {"code": -2001, "message": "boom", "data": None},
    ],
)
def test_an_error_in_a_200_is_a_failure(broken: dict[str, Any]) -> None:
    for result in (answer(said("half"), broken, DONE), read(json.dumps(broken).encode(), kind="application/json")):
        assert (result.state, result.error_message) == ("failed", "boom")


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


def test_bare_links_stop_where_people_would_stop() -> None:
    result = answer(
        said(
            "看（https://a.example/1.mp4），https://a.example/2.mp4。完 https://a.example/3.mp4点击 javascript:alert(1)"
        ),
        STOP,
        DONE,
    )
    assert result.video_urls == tuple(f"https://a.example/{n}.mp4" for n in (1, 2, 3))


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


@pytest.mark.parametrize(
    ("text", "outcome", "urls"),
    [
        ("![生成的视频](https://a.example/x)", "video", ("https://a.example/x",)),
        (
            "🎉 高质量视频已生成\n[▶️ 在线观看](https://a.example/d/1) | [⏬ 下载视频](https://a.example/d/2)",
            "video",
            ("https://a.example/d/1", "https://a.example/d/2"),
        ),
        (
            "https://a.example/az/files/1%2Fraw?se=2026-01-07T00%3A00%3A00Z&sig=%2B",
            "video",
            ("https://a.example/az/files/1%2Fraw?se=2026-01-07T00%3A00%3A00Z&sig=%2B",),
        ),
        (
            '{"generated_assets": {"final_video_url": "https:\\/\\/a.example\\/v", "thumbnail_url": "https://a.example/t"}}',
            "video",
            ("https://a.example/v",),
        ),
        ("```html\n<video src='https://a.example/v' controls></video>\n```", "video", ("https://a.example/v",)),
        ("![](https://a.example/p.webp)", "none_or_text", ()),
        ("All tokens available. Please enable streaming", "text", ()),
        ("生成失败，正在重试\n第 1 次重试\nhttps://a.example/v.mp4", "video", ("https://a.example/v.mp4",)),
        ("生成失败，请前往 https://a.example/help 查看", "refused", ()),
        ("see https://a.example/page", "link", ()),
        ("/images/generated/x.mp4", "video", ("/images/generated/x.mp4",)),
    ],
)
def test_each_form_of_a_result_is_found(text: str, outcome: str, urls: tuple[str, ...]) -> None:
    result = answer(said(text), STOP, DONE)
    assert result.video_urls == urls
    assert result.outcome == outcome.replace("none_or_text", "text")


def test_a_link_cut_in_the_middle_is_not_taken_for_a_video() -> None:
    result = read(body_of(said("[在线播放](https://a.example/v.mp4")), whole=False)
    assert (result.state, result.video_urls) == ("incomplete", ())


def test_an_error_body_sent_as_an_event_is_understood() -> None:
    result = read(body_of({"error": {"message": "无效的令牌 (request id: 1)", "type": "x"}}), status=401)
    assert (result.state, result.error_code, result.error_message) == ("rejected", "auth", "无效的令牌")


def test_events_without_empty_lines_between_them_are_read() -> None:
    body = body_of(said("a"), said("b"), STOP, DONE).replace(b"\n\n", b"\n")
    assert (read(body).content, read(body).state, read(body).bad_lines) == ("ab", "done", 0)
