"""What was asked for beside what came: nothing is guessed, and a relay's own words are compared, not believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.endpoint.answer import AnswerReader
from services.library.asked import asked_against_got, echo
from services.prompts.presets import built_in
from tests.library.some import film, made

TRANSCRIPTS = Path(__file__).parents[1] / "endpoint" / "data" / "transcripts"


def told(**said: object) -> list[tuple[str, object, object, str]]:
    one, video = made(**said), film()
    return [(each.name, each.asked, each.got, each.verdict) for each in asked_against_got(one, video, built_in())]


def controls(**wished: object) -> dict[str, object]:
    return {"fields": {"controls": wished}}


def test_wishes_of_the_composer_are_compared_with_the_file() -> None:
    assert told(fields=controls(orientation="portrait", seconds=10.0)) == [
        ("shape", "portrait", "landscape", "other"),
        ("length", 10.0, 10.0, "same"),
    ]


def test_a_models_name_asks_too() -> None:
    assert told(model="sora2-landscape-15s") == [
        ("shape", "landscape", "landscape", "same"),
        ("length", 15.0, 10.0, "other"),
    ]


@pytest.mark.parametrize(
    ("request_", "wishes"),
    [
        ({"size": "1280x720", "seconds": "10"}, ["landscape", 10.0]),
        ({"video_config": {"aspect_ratio": "9:16", "video_length": 6}}, ["portrait", 6.0]),
        ({"size": "large", "seconds": "soon", "messages": [{"size": "1x1"}]}, []),
        ({"size": "0x0", "duration": -1}, []),
    ],
)
def test_fields_of_the_request_ask_too_and_nonsense_asks_nothing(request_: object, wishes: list[object]) -> None:
    assert [asked for _name, asked, _got, _verdict in told(request=request_)] == wishes


def test_where_nothing_was_asked_nothing_is_told_and_the_unknown_is_unknown() -> None:
    assert told() == []
    one = made(fields=controls(orientation="square", seconds=4.0))
    blank = film(width=None, height=None, duration_seconds=None)
    assert [each.verdict for each in asked_against_got(one, blank, built_in())] == ["unknown", "unknown"]


def test_half_a_second_more_is_as_asked() -> None:
    one = made(fields=controls(seconds=10.0))
    verdicts = [asked_against_got(one, film(duration_seconds=s), built_in())[0].verdict for s in (10.5, 9.4, 10.7)]
    assert verdicts == ["same", "same", "other"]


def echoed(content: str, **said: object) -> list[tuple[str, str, str]]:
    return [(each.name, each.value, each.verdict) for each in echo(made(content=content, **said))]


def test_what_the_relay_prints_is_compared_with_what_was_sent() -> None:
    printed = {"prompt": "A Lighthouse, at dusk!", "mode": "text", "size": "720x1280", "model": "other"}
    content = f"```json\n{json.dumps(printed)}\n```\n\n> ID: `x`"

    assert echoed(content, request={"model": "m", "size": "1280x720", "stream": True}) == [
        ("prompt", "A Lighthouse, at dusk!", "same"),
        ("mode", "text", "unknown"),
        ("size", "720x1280", "other"),
        ("model", "other", "other"),
    ]


def test_a_rewritten_prompt_is_told() -> None:
    assert echoed('{"prompt": "a lighthouse by day"}')[0][2] == "other"
    long = "a very long prompt about a lighthouse at dusk and all the gulls around it " * 10
    assert echoed(json.dumps({"prompt": long[:400]}), prompt=long)[0][2] == "same", "a cut echo is no change"


@pytest.mark.parametrize("content", ["", "{", "```json\n{not}\n```", "[1]", "{" * 90_000, "no json", '{"a": [1, {}]}'])
def test_what_is_no_echo_is_none(content: str) -> None:
    assert echoed(content) == []


def test_a_recorded_relay_prints_its_parameters() -> None:
    reader = AnswerReader(http_status=200, content_type="text/event-stream", base_url="https://api.example")
    reader.feed((TRANSCRIPTS / "01_gpt4freets_sora2_token_split.sse").read_bytes())
    assert "prompt" in [name for name, _value, _verdict in echoed(reader.finish().content)]
