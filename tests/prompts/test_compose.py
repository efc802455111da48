"""The exact text: in the order of the guides, in both languages, with no trace of what is empty."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from services.prompts.compose import compose
from services.prompts.composition import (
    Composition,
    apply_edit,
    from_json,
    recompose,
    to_json,
    with_fields,
    with_language,
)
from services.prompts.fields import EMPTY, Beat, Fields, Line, Person, Place
from tests.prompts.some import FEW, FIELDS, QUAY, TEXT

ENGLISH = """Same quay, same grey morning.

Style: 35 mm film

A stone quay with one bench, dawn, mist.
Mei: woman of 30, red raincoat.

Camera shot: medium shot, eye level, slow push-in
Lens: 50 mm, shallow depth of field
Lighting: backlight
Palette: navy, silver, ice
Mood: calm

Actions:
- 0–2 s: She takes four steps.
- 2–4 s: She sits down.

Dialogue:
- Mei (softly): "We made it."

Background sound: ocean waves, footsteps on gravel, solo piano

Text (verbatim): "Platform 4"

Constraints: Keep: her face; Avoid: crowds"""

CHINESE = """Same quay, same grey morning.

风格：35毫米胶片

A stone quay with one bench，黎明，薄雾。
Mei：woman of 30，red raincoat。

镜头：中景，平视，缓慢推进
镜头与焦点：50毫米，浅景深
光线：逆光
色彩：海军蓝·银·冰
氛围：平静

动作：
- 0–2秒：She takes four steps。
- 2–4秒：She sits down。

对白：
- Mei（轻声）：“We made it.”

背景声音：海浪，碎石脚步，钢琴独奏

画面文字（逐字照写）：“Platform 4”

限制：保持：her face；避免：crowds"""


def test_the_whole_text_in_english() -> None:
    assert compose(QUAY, "en") == ENGLISH


def test_the_whole_text_in_chinese_with_own_words_untouched() -> None:
    assert compose(QUAY, "zh") == CHINESE


def test_empty_fields_leave_no_trace() -> None:
    assert compose(EMPTY, "en") == compose(EMPTY, "zh") == ""
    blank = Fields(place=Place(" "), cast=(Person(),), beats=(Beat(" ", 3),), dialogue=(Line("Mei", " ", "softly"),))
    assert compose(blank, "en") == ""
    assert compose(Fields(purpose="ad"), "en") == ""


@FEW
@given(FIELDS, st.sampled_from(["en", "zh"]))
def test_the_text_is_stable_and_tidy(fields: Fields, language: str) -> None:
    text = compose(fields, "zh" if language == "zh" else "en")
    assert text == compose(fields, "zh" if language == "zh" else "en")
    assert text == text.strip("\n ")


@FEW
@given(TEXT.filter(str.strip))
def test_traits_go_out_word_for_word(trait: str) -> None:
    fields = Fields(cast=(Person("Mei", (trait,)),))
    assert trait.strip() in compose(fields, "en")
    assert trait.strip() in compose(fields, "zh")


def test_beats_are_timed_by_the_clock_only_when_each_has_seconds() -> None:
    some = Fields(beats=(Beat("One", 2), Beat("Two!")))
    assert compose(some, "en") == "Actions:\n- 2 s: One.\n- Two!"


def test_a_pace_joins_a_move_that_has_none() -> None:
    assert compose(Fields(moves=("orbit left",), move_pace="slow"), "en") == "Camera shot: slow orbit left"
    assert compose(Fields(moves=("orbit left",), move_pace="slow"), "zh") == "镜头：缓慢向左环绕"
    assert compose(Fields(moves=("slow push-in",), move_pace="fast"), "en") == "Camera shot: slow push-in"
    assert compose(Fields(moves=("pan left",), move_pace="normal"), "en") == "Camera shot: pan left"


def test_a_remix_is_one_sentence() -> None:
    text = compose(Fields(remix="the coat is yellow"), "en")
    assert text == "Keep everything else exactly as it is; change only this: the coat is yellow"


def test_single_colours_are_translated_too() -> None:
    assert compose(Fields(palette=("jade", "sepia", "my red")), "zh") == "色彩：玉绿，棕褐旧照，my red"


def test_editing_by_hand_never_loses_the_fields() -> None:
    edited = apply_edit(Composition(QUAY), "Something else")
    assert (edited.text, edited.fields, edited.state) == ("Something else", QUAY, "edited")
    assert recompose(edited) == Composition(QUAY)


def test_it_tells_when_fields_and_text_went_apart() -> None:
    edited = apply_edit(Composition(Fields(mood=("calm",))), "Mood: calm, and warm")
    moved = with_fields(edited, Fields(mood=("tense",)))
    assert (moved.state, moved.text) == ("apart", "Mood: calm, and warm")
    assert with_language(edited, "zh").state == "apart"
    assert with_fields(moved, edited.fields).state == "edited"
    assert recompose(moved).text == "Mood: tense"


def test_fields_that_come_to_say_the_edit_end_it() -> None:
    edited = apply_edit(Composition(Fields(mood=("calm",))), "Mood: tense")
    assert with_fields(edited, Fields(mood=("tense",))).state == "composed"


@FEW
@given(FIELDS, TEXT, st.booleans())
def test_fields_and_edit_come_back_as_they_were_kept(fields: Fields, text: str, chinese: bool) -> None:
    kept = apply_edit(Composition(fields, "zh" if chinese else "en"), text)
    assert from_json(to_json(kept)) == kept


@FEW
@given(st.text(max_size=60))
def test_an_old_draft_that_is_only_text_comes_back_as_text(text: str) -> None:
    assert isinstance(from_json(text).text, str)
    assert from_json("A boat " + text).text.startswith("A boat ")


def test_json_that_a_person_typed_is_their_text() -> None:
    assert from_json('{"prompt": "x"}').text == '{"prompt": "x"}'
    assert from_json("[1]").text == "[1]"
    assert from_json(json.dumps({"fields": 3, "text": 4})).text == ""
