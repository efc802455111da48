"""Text and fields on one desk: neither loses the other, whatever was typed where."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.prompts import templates
from services.prompts.desk import (
    Desk,
    begun_with,
    blanks,
    fields_of,
    filled,
    from_kept,
    kept,
    note_of,
    read,
    with_fields,
    with_language,
    with_text,
    with_value,
    written_again,
)
from services.prompts.fields import EMPTY, Beat, Controls, Fields, Place
from services.prompts.growing import rows, with_row

CALM = Fields(mood=("calm",))
BOAT = Fields(place=Place("A boat"), mood=("calm",))
CHOSEN = [EMPTY, CALM, BOAT, Fields(controls=Controls(seconds=10.0))]
TYPED = st.text(max_size=60)


def test_free_text_leaves_no_note_and_comes_back() -> None:
    assert note_of(read("", "A fox in the snow")) == ""
    assert read("", "A fox in the snow").text == "A fox in the snow"


def test_words_in_the_box_become_the_scene_when_a_field_is_picked() -> None:
    desk = with_fields(read("", "A fox in the snow"), CALM)

    assert desk.fields.place.text == "A fox in the snow"
    assert desk.text == "A fox in the snow.\n\nMood: calm"
    assert desk.composition.state == "composed"


def test_a_picked_shape_alone_leaves_the_words_alone() -> None:
    desk = with_fields(read("", "A fox"), Fields(controls=Controls(orientation="portrait")))

    assert desk.text == "A fox"


def test_a_text_nobody_touched_follows_the_fields_that_were_saved_after_it() -> None:
    old = Desk(CALM)
    newer = {**json.loads(note_of(old)), "fields": {"mood": ["tense"]}}

    assert read(json.dumps(newer), old.text).text == "Mood: tense"


def test_a_text_changed_by_hand_stays_and_the_fields_stay_beside_it() -> None:
    desk = Desk(BOAT)
    by_hand = read(note_of(desk), desk.text + " More of it.")
    moved_on = with_fields(by_hand, replace(BOAT, mood=("tense",)))

    assert by_hand.composition.state == "edited"
    assert by_hand.fields == BOAT
    assert moved_on.text == by_hand.text
    assert moved_on.composition.state == "apart"
    assert written_again(moved_on).text == "A boat.\n\nMood: tense"


def test_all_words_deleted_by_hand_do_not_come_back_by_themselves() -> None:
    assert read(note_of(Desk(BOAT)), "").text == ""


def test_the_language_changes_the_words_of_the_craft_and_not_ones_own() -> None:
    assert with_language(Desk(BOAT), "zh").text == "A boat。\n\n氛围：平静"


@given(TYPED, st.sampled_from(CHOSEN), st.sampled_from(["en", "zh"]))
def test_a_desk_survives_its_note_whatever_was_typed(text: str, fields: Fields, language: str) -> None:
    desk = with_text(Desk(fields, {}, language, None, "parent"), text)  # type: ignore[arg-type]  # sampled
    again = read(note_of(desk), desk.text)

    assert (again.fields, again.text, again.parent_id) == (desk.fields, desk.text, "parent")


@given(st.text(max_size=200), TYPED)
def test_no_note_is_too_broken_to_open(note: str, text: str) -> None:
    assert isinstance(read(note, text).text, str)


def test_a_template_is_filled_in_as_far_as_it_is_known() -> None:
    fields = Fields(place=Place("A {cup} on {wood|oak,ash}, {count|number 2-5} times"))

    assert filled(fields, {}).place.text == "A {cup} on oak, 2 times"
    assert filled(fields, {"cup": "mug {x}", "wood": "ash"}).place.text == "A mug {x} on ash, 2 times"


def test_blanks_are_named_until_they_are_filled_in() -> None:
    template = next(one for one in templates.built_in() if one.id == "product-turntable")
    desk = begun_with(template.composition("en"), Desk(Fields(controls=Controls(seconds=10.0))))
    done = with_value(desk, "product", "teapot")

    assert blanks(desk) == ("product",)
    assert blanks(done) == ()
    assert "A teapot on" in done.text
    assert done.fields.controls.seconds == 10.0


def test_what_is_kept_beside_a_generation_brings_the_desk_back() -> None:
    template = templates.built_in()[0]
    desk = with_value(begun_with(template.composition("en"), Desk()), "product", "teapot")
    sent = json.loads(json.dumps(kept(desk)))

    assert from_kept(sent, "whatever was sent") == desk
    assert "teapot" in fields_of(sent).place.text
    assert from_kept(None, "A fox", parent_id="p").parent_id == "p"
    assert kept(read("", "A fox")) is None


def test_a_template_whose_blanks_are_still_blank_is_taken_back_with_its_form() -> None:
    for template in templates.built_in():
        begun = begun_with(template.composition("en"), Desk())
        for one in (begun, with_text(begun, f"{begun.text} And a cat.")):
            assert from_kept(kept(one), one.text) == one


def test_every_template_fills_in_both_languages_without_a_trace_of_its_signs() -> None:
    for template in templates.built_in():
        for language in ("en", "zh"):
            desk = begun_with(template.composition(language), Desk())
            for name in blanks(desk):
                desk = with_value(desk, name, "teapot")
            assert "{" not in desk.text, template.id


def test_a_row_emptied_in_the_middle_stays_and_one_at_the_end_goes() -> None:
    fields = Fields(beats=(Beat("a"), Beat("b")))

    assert with_row(fields, "beats", 0, "text", "").beats == (Beat(""), Beat("b"))
    assert with_row(fields, "beats", 1, "text", "").beats == (Beat("a"),)
    assert len(rows(fields, "beats")) == 3
    assert with_row(EMPTY, "on_screen", 0, "", "OPEN").on_screen == ("OPEN",)
