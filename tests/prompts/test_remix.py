"""Which video shall be changed: told where the family takes it, shown where it does not."""

from __future__ import annotations

import dataclasses

import pytest

from services.prompts.desk import Desk, from_kept, kept, note_of, read
from services.prompts.fields import Fields, Place
from services.prompts.presets import built_in, load_presets
from services.prompts.remix import Remix, asked, found_in
from services.prompts.sending import as_before, composed, outgoing

SID = "s_0123456789abcdef0123456789abcdef"
OTHER = "s_ffffffffffffffffffffffffffffffff"
REMIX = Remix(SID, "e1")
FIELD = load_presets(
    '{"families": [{"id": "f", "label": "F", "models": ["house-*"], "remix": "remix_target_id"}]}'
).value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"> 生成完成 ✅\n> sid: {SID}\n\n[在线播放▶️](https://filesystem.site/cdn/a.mp4)", SID),
        (f"sid: {OTHER} then sid: {SID}", SID),
        (f"https://sora.chatgpt.com/p/{SID}?x=1", SID),
        ("s_0123456789abcdef", ""),
        (f"x{SID} {SID}0 {SID.upper()}", ""),
        ("", ""),
    ],
)
def test_the_relays_own_id_is_found_in_its_answer(text: str, found: str) -> None:
    assert found_in(text) == found


def test_a_family_that_reads_it_in_the_prompt_gets_it_on_a_line_of_its_own() -> None:
    desk = Desk(Fields(place=Place("A boat"), remix="the sail is red"), parent_id="g1", remix=REMIX)
    sent = outgoing(desk.text, "sora2-portrait-10s", composed(desk, built_in()), "e1")

    assert sent.prompt.endswith(f"A boat.\n\n{SID}")
    assert "change only this: the sail is red" in sent.prompt
    assert sent.extra == {}
    told = asked(REMIX, "sora2-portrait-10s", "e1", built_in())
    assert told.shown is not None
    assert (told.shown.how, told.shown.sure) == ("words", True)
    assert told.prompt(f"words and {SID}") == f"words and {SID}", "never twice"


def test_a_family_that_reads_a_field_gets_the_field_and_send_again_repeats_it() -> None:
    assert FIELD is not None
    desk = dataclasses.replace(read("", "A boat, by hand"), remix=REMIX)
    sent = outgoing(desk.text, "house-1", composed(desk, FIELD), "e1")

    assert (sent.prompt, sent.extra) == ("A boat, by hand", {"remix_target_id": SID})
    again = outgoing(sent.prompt, "house-1", as_before(sent.fields), "e1")
    assert (again.prompt, again.extra) == (sent.prompt, sent.extra)


@pytest.mark.parametrize(
    ("model", "endpoint"), [("some-model", "e1"), ("sora2-portrait-10s", "another"), ("grok-imagine-video", "e1")]
)
def test_where_it_would_say_nothing_only_the_words_are_sent_and_that_is_shown(model: str, endpoint: str) -> None:
    desk = Desk(Fields(place=Place("A boat")), remix=REMIX)
    sent = outgoing(desk.text, model, composed(desk, built_in()), endpoint)

    assert SID not in sent.prompt
    assert SID not in str(sent.extra)
    told = asked(REMIX, model, endpoint, built_in())
    assert told.shown is not None
    assert told.shown.how == "cannot"


def test_it_stays_on_the_desk_and_beside_the_generation() -> None:
    desk = dataclasses.replace(read("", "A boat"), parent_id="g1", remix=REMIX)

    assert read(note_of(desk), desk.text) == desk
    assert from_kept(kept(desk), desk.text, parent_id="g1") == desk
    assert read(note_of(desk).replace(SID, "s_1"), desk.text).remix is None
