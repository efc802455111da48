"""Dialects and faults that no recording shows: PROTOCOL.md, sections 2 and 7; RELIABILITY.md, a and b."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.endpoint.saying import DONE, STOP, answer, body_of, read, said


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
    film = '<video controls poster="https://a.example/p.jpg">'
    film += '<source id="mp4" src="https://a.example/v/x" type="video/mp4">您的浏览器</video>'
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


def test_bare_links_stop_where_people_would_stop() -> None:
    result = answer(
        said(
            "看（https://a.example/1.mp4），https://a.example/2.mp4。完 https://a.example/3.mp4点击 javascript:alert(1)"
        ),
        STOP,
        DONE,
    )
    assert result.video_urls == tuple(f"https://a.example/{n}.mp4" for n in (1, 2, 3))


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


def test_an_error_body_sent_as_an_event_is_understood() -> None:
    result = read(body_of({"error": {"message": "无效的令牌 (request id: 1)", "type": "x"}}), status=401)
    assert (result.state, result.error_code, result.error_message) == ("rejected", "auth", "无效的令牌")


def test_events_without_empty_lines_between_them_are_read() -> None:
    body = body_of(said("a"), said("b"), STOP, DONE).replace(b"\n\n", b"\n")
    assert (read(body).content, read(body).state, read(body).bad_lines) == ("ab", "done", 0)


@pytest.mark.parametrize(
    "url",
    [
        "https://drive.example/file/d/1a/view?usp=sharing",
        "https://drive.google.com/file/d/1a/view",
        "https://pan.example/s/1abc",
        "https://sora.example/p/s_0123456789abcdef0123456789abcdef",
    ],
)
def test_a_page_is_told_by_its_form_whatever_the_label_says(url: str) -> None:
    result = answer(said(f"✅ 视频生成完成\n🔗 [点击查看视频]({url})\n视频链接: {url}\n"), STOP, DONE)
    assert (result.outcome, result.video_urls) == ("link", ())
    assert [link.url for link in result.links] == [url]
