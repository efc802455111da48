"""Fields: kept as JSON and read back whole, whatever else is in the file."""

from __future__ import annotations

import json
from dataclasses import fields as parts

from hypothesis import given
from hypothesis import strategies as st

from services.prompts.field_help import FIELDS as HELP
from services.prompts.field_help import changed_fields, filled
from services.prompts.fields import EMPTY, Beat, Controls, Fields, Place, Sound, fill_empty, is_empty
from services.prompts.fields_json import MAX_ITEMS, from_json, to_dict, to_json
from tests.prompts.some import FEW, FIELDS, QUAY

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@FEW
@given(FIELDS)
def test_fields_come_back_as_they_were_kept(fields: Fields) -> None:
    assert from_json(to_json(fields)) == fields


@FEW
@given(st.dictionaries(st.sampled_from([part.name for part in parts(Fields)]), JSON))
def test_no_json_at_all_breaks_the_reading(kept: dict[str, object]) -> None:
    again = from_json(json.dumps(kept))
    assert from_json(to_json(again)) == again


@FEW
@given(st.text(max_size=50))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    assert isinstance(from_json(text), Fields)


def test_keys_of_a_newer_version_are_passed_over_and_missing_ones_are_empty() -> None:
    newer = to_dict(QUAY) | {"version": 9, "hologram": {"depth": 3}}
    assert from_json(json.dumps(newer)) == QUAY
    assert from_json('{"version": 1}') == EMPTY
    assert to_json(EMPTY) == '{"version":1}'


def test_one_word_is_taken_for_a_list_of_one_and_long_lists_are_cut() -> None:
    assert from_json('{"moves": "pan left"}').moves == ("pan left",)
    assert len(from_json(json.dumps({"mood": ["x"] * 10_000})).mood) == MAX_ITEMS


def test_numbers_that_are_no_lengths_are_not_said() -> None:
    for seconds in ("0", "-3", "1e999", "NaN", "true", "1e30", '"4"'):
        assert from_json(f'{{"controls": {{"seconds": {seconds}}}}}').controls.seconds is None
    assert from_json('{"controls": {"takes": 0.5}}').controls.takes == 1


def test_what_is_chosen_is_never_replaced_and_what_is_empty_is_filled_part_by_part() -> None:
    own = Fields(place=Place("My kitchen"), controls=Controls(seconds=4), mood=("calm",))
    other = Fields(
        place=Place("A quay", ("dawn",)),
        controls=Controls("m", "portrait", 10, takes=3),
        mood=("tense",),
        beats=(Beat("It rains", 2),),
        sound=Sound(("crickets",)),
    )
    merged = fill_empty(own, other)
    assert merged.place == Place("My kitchen", ("dawn",))
    assert merged.controls == Controls("m", "portrait", 4, takes=3)
    assert (merged.mood, merged.beats, merged.sound) == (("calm",), other.beats, other.sound)
    assert fill_empty(EMPTY, QUAY) == fill_empty(QUAY, EMPTY) == QUAY


def test_there_are_eighteen_fields_and_together_they_cover_every_part() -> None:
    assert len(HELP) == 18
    covered = [name for each in HELP for name in each.attributes]
    assert sorted(covered) == sorted(part.name for part in parts(Fields))
    assert all(each.label and each.help and each.example for each in HELP)


def test_a_field_knows_whether_it_says_something_and_whether_it_changed() -> None:
    assert not any(filled(EMPTY, each.id) for each in HELP)
    assert filled(QUAY, "cast")
    assert not filled(QUAY, "remix")
    assert is_empty(Fields())
    assert changed_fields(QUAY, from_json(to_json(QUAY).replace("dawn", "dusk"))) == ("place",)
