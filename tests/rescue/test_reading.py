"""A paste is read by the reader that reads endpoints, whatever the person copied."""

from __future__ import annotations

import json

import pytest

from services.errors import PasteError
from services.generations.rescue_reading import PASTE_MAX_BYTES, checked_paste, read_paste

BASE = "https://relay.example/v1"
VIDEO = "https://cdn.example/a/b%2Fc.mp4?sig=%2B"


@pytest.mark.parametrize(
    "text",
    [
        VIDEO,
        f"  {VIDEO}\n",
        VIDEO.removeprefix("https://"),
        f"Your video is ready! Watch it here: {VIDEO} (valid for a day)",
        f"视频生成完成，点击这里：{VIDEO}。谢谢",
        f"[在线播放▶️]({VIDEO}) | [数据预览](https://asyncdata.net/web/task_01k7abcd)",
        f"<html><body><video controls src='{VIDEO}'></video></body></html>",
        json.dumps({"id": "task_123456", "status": "completed", "data": {"video_url": VIDEO}}),
        json.dumps({"id": "task_123456", "data": {"video_url": VIDEO}}, indent=2),
        json.dumps([{"task_id": "t-123456", "output": [{"type": "video", "url": VIDEO}]}]),
        json.dumps({"data": {"video_url": VIDEO}}).replace("/", "\\/"),
        '… "video_url": "' + VIDEO.replace("/", "\\/") + '" … (cut out of a log)',
        json.dumps({"choices": [{"message": {"content": f"done: {VIDEO}"}, "finish_reason": "stop"}]}),
        'data: {"choices":[{"delta":{"content":"[video](' + VIDEO + ')"}}]}\n\ndata: [DONE]\n\n',
        json.dumps({"error": {"message": "late"}, "result": {"video_url": VIDEO}}),
    ],
)
def test_the_video_is_found_byte_for_byte_in_what_people_copy(text: str) -> None:
    found = [link.resolved for link in read_paste(checked_paste(text), BASE).links if link.kind == "video"]

    assert found == [VIDEO]


def test_a_link_that_says_nothing_of_itself_is_taken_when_it_comes_alone() -> None:
    alone = read_paste("https://share.example/abcdef", BASE)
    among = read_paste("Read our news: https://share.example/abcdef", BASE)

    assert [(link.kind, alone.chosen(link)) for link in alone.links] == [("page", True)]
    assert [among.chosen(link) for link in among.links] == [False]


def test_a_relative_link_belongs_to_the_endpoint() -> None:
    assert [link.resolved for link in read_paste("/files/a.mp4", BASE).links] == ["https://relay.example/files/a.mp4"]


def test_task_ids_are_found_and_what_was_put_in_is_not() -> None:
    put_in = {"task_id": "job-abcdef1", "prompt": "like https://x.example/ref.mp4", "first_frame": "https://x/y.png"}
    reading = read_paste(json.dumps(put_in), BASE)

    assert reading.task_ids == ("job-abcdef1",)
    assert not [link for link in reading.links if link.kind == "video" and "ref" not in link.url]


@pytest.mark.parametrize(
    "text",
    ["nothing to see", "{broken", "javascript:alert(1)", "ftp://a/b.mp4", "file:///etc/a.mp4", "data:video/mp4,x"],
)
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert read_paste(text, BASE).links == ()


def test_blank_and_endless_pastes_are_refused_with_their_reason() -> None:
    with pytest.raises(PasteError) as blank:
        checked_paste(" \n\u200b".replace("\u200b", ""))
    with pytest.raises(PasteError) as endless:
        checked_paste("x" * (PASTE_MAX_BYTES + 1))

    assert (blank.value.code, endless.value.code) == ("paste_blank", "paste_too_long")


def test_a_paste_of_many_links_offers_few() -> None:
    text = "\n".join(f"https://cdn.example/{number}.mp4" for number in range(500))

    assert len(read_paste(text, BASE).links) == 20
