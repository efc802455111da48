"""The demo endpoint over real HTTP, its films opened by PyAV."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import requests

from services.demo import MARKS, DemoServer
from services.endpoint.answer import AnswerReader


@pytest.fixture
def base(tmp_path: Path) -> Iterator[str]:
    server = DemoServer(tmp_path, pace=0)
    yield server.start()
    server.stop()


def ask(base: str, prompt: str, model: str = "demo-film") -> requests.Response:
    body: Any = {"model": model, "stream": True, "messages": [{"role": "user", "content": prompt}]}
    return requests.post(f"{base}/v1/chat/completions", json=body, timeout=120)


def link_in(answer: requests.Response) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/v/\w+\.mp4", answer.text)
    assert found
    return found[0]


def picture(data: bytes) -> np.ndarray:
    with av.open(io.BytesIO(data), "r") as film:
        assert film.streams.video[0].codec_context.name == "h264"
        assert (film.streams.video[0].width, film.streams.video[0].height) == (640, 360)
        assert abs((film.duration or 0) / 1e6 - 4) < 0.1
        return np.asarray(next(film.decode(video=0)).to_ndarray(format="rgb24"))


@pytest.mark.parametrize("model", ["demo-film", "demo-film-thinking", "demo-film-quiet", "demo-film-json", "other"])
def test_every_model_ends_in_a_film_that_plays(base: str, model: str) -> None:
    answer = ask(base, "a boat on the sea", model)
    assert answer.status_code == 200
    assert "total_tokens" in answer.text
    assert picture(requests.get(link_in(answer), timeout=120).content).std() > 5


def test_the_colour_word_rules_the_picture(base: str) -> None:
    red = picture(requests.get(link_in(ask(base, "a red hill")), timeout=120).content).mean((0, 1))
    blue = picture(requests.get(link_in(ask(base, "蓝色的山")), timeout=120).content).mean((0, 1))
    assert red.argmax() == 0
    assert blue.argmax() == 2


def test_part_of_a_film_can_be_fetched(base: str) -> None:
    link = link_in(ask(base, "snow"))
    whole = requests.get(link, timeout=120).content
    part = requests.get(link, headers={"Range": "bytes=10-19"}, timeout=120)
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert requests.head(link, timeout=120).headers["Content-Length"] == str(len(whole))


@pytest.mark.parametrize("status", ["401", "429", "500", "503"])
def test_a_status_mark_answers_with_that_status(base: str, status: str) -> None:
    answer = ask(base, f"a hill [{status}]")
    assert answer.status_code == int(status)
    assert answer.json()["error"]["message"]
    assert ("Retry-After" in answer.headers) is (status == "429")


def test_a_cut_answer_breaks_off(base: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(base, "a hill 【中断】")


def test_other_marks_show_their_outcome(base: str) -> None:
    assert "content policy" in ask(base, "x [REJECT]").text
    assert ".mp4" not in ask(base, "x [no video]").text
    assert "drive.google.com" in ask(base, "x [page link]").text
    assert ask(base, "x [empty]").text == ""
    assert "generation_failed" in ask(base, "x [error]").text
    assert ask(base, "x [html]").text.startswith("<!doctype html>")
    assert requests.get(link_in(ask(base, "x [dead link]")), timeout=120).status_code == 404
    assert len(set(re.findall(r"/v/\w+\.mp4", ask(base, "x [two videos]").text))) == 2
    assert len(ask(base, "x [long]").text) > 10_000


CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("model", ["demo-film", "demo-film-thinking", "demo-film-quiet", "demo-film-json"])
@pytest.mark.parametrize("mark", ["", "[no video]", "[reject]", "[429]", "[慢]"])
def test_an_english_prompt_gets_english_words(base: str, model: str, mark: str) -> None:
    assert set(CHINESE.findall(ask(base, f"a small boat {mark}", model).text)) <= set(mark)


@pytest.mark.parametrize("prompt", ["一只小船", "a small boat [chinese]", "a small boat 【中文】"])
def test_a_chinese_prompt_or_mark_gets_the_dialect_of_real_relays(base: str, prompt: str) -> None:
    said = ask(base, prompt).text

    assert all(word in said for word in ("排", "进", "在线播放"))


def test_what_the_demo_says_in_english_is_read_like_what_it_says_in_chinese(base: str) -> None:
    read = {}
    for prompt in ("a boat", "一只船"):
        reader = AnswerReader(http_status=200, content_type="text/event-stream", base_url=f"{base}/v1")
        reader.feed(ask(base, prompt).content)
        answer = reader.finish(complete=True)
        read[prompt] = (answer.state, answer.outcome, answer.progress, len(answer.task_ids), len(answer.video_urls))

    assert read["a boat"] == read["一只船"] == ("done", "video", (12, 36, 61, 81, 97), 1, 1)


def test_a_foreign_host_name_is_refused(base: str) -> None:
    assert requests.get(f"{base}/v1/models", headers={"Host": "evil.example:80"}, timeout=120).status_code == 403


def test_a_link_outlives_a_restart_and_a_lost_file(tmp_path: Path) -> None:
    server = DemoServer(tmp_path, pace=0)
    link = link_in(ask(server.start(), "a lighthouse"))
    server.stop()
    for film in (tmp_path / "demo").glob("*.mp4"):
        film.unlink()
    again = DemoServer(tmp_path, pace=0)
    again.start()
    assert picture(requests.get(link, timeout=120).content).std() > 5
    again.stop()


def test_every_mark_has_a_meaning() -> None:
    assert all(mark == mark.lower() and meaning for mark, meaning in MARKS)
