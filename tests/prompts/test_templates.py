"""Looks and templates: whole in both languages, free of conflicts, and templates that become forms."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompts.checks import check
from services.prompts.compose import compose
from services.prompts.composition import Composition, apply_edit
from services.prompts.fields import EMPTY, LIST_OF, Controls, Fields, Place
from services.prompts.findings import Context, part
from services.prompts.looks import apply_look, look, looks, purpose_defaults, with_purpose
from services.prompts.template_files import KIND, MAX_TEMPLATES, from_csv, from_json, to_csv, to_json
from services.prompts.templates import Template, built_in, next_version, own
from services.prompts.variables import MAX_VALUE_CHARS, Variable, fill, variables
from services.prompts.vocabulary import Language, find, words
from tests.prompts.some import FEW, FIELDS, QUAY

LANGUAGES: tuple[Language, Language] = ("en", "zh")


def samples(template: Template, language: Language) -> Mapping[str, str]:
    form = variables(template.composition(language))
    return {each.name: each.start or "4" if each.kind == "number" else "x" for each in form if each.kind != "choice"}


def test_there_are_enough_of_both_over_real_purposes() -> None:
    assert len(looks()) >= 24
    assert len(built_in()) >= 20
    assert len({each.id for each in looks()}) == len(looks())
    assert len({each.id for each in built_in()}) == len(built_in())
    assert {each.purpose for each in built_in()} == {word.en for word in words("purpose")}


@pytest.mark.parametrize("chosen", looks(), ids=lambda each: each.id)
def test_a_look_is_said_in_both_languages_and_has_no_conflict(chosen: object) -> None:
    found = next(each for each in looks() if each == chosen)
    for language in LANGUAGES:
        assert found.said(language)
        assert found.hinted(language)
        assert look(found.said(language).upper()) == found
        assert compose(found.fields, language)
    assert check(found.fields, Context()) == ()
    assert only_known_words(found.fields) == []


def only_known_words(fields: Fields) -> list[str]:
    unknown = []
    for path, name in LIST_OF.items():
        if path in ("purpose", "dialogue.manner"):
            continue
        lists = (name, "colours") if path == "palette" else (name,)
        unknown += [value for value in part(fields, path) if not any(find(value, each) for each in lists)]
    return unknown


def test_a_look_replaces_the_style_and_fills_only_what_is_empty() -> None:
    noir = look("noir")
    assert noir is not None
    dressed = apply_look(Fields(looks=("anime",), light=("moonlight",)), noir)
    assert (dressed.looks, dressed.light) == (("film noir",), ("moonlight",))
    assert dressed.palette == noir.fields.palette
    assert look("no such look") is None


def test_a_purpose_suggests_only_what_is_empty() -> None:
    assert with_purpose(EMPTY, "social").controls == Controls(orientation="portrait", seconds=10)
    assert with_purpose(Fields(shots=("wide shot",)), "social").shots == ("wide shot",)
    assert purpose_defaults("mine") == EMPTY
    for word in words("purpose"):
        assert purpose_defaults(word.en) != EMPTY
        assert check(purpose_defaults(word.en), Context()) == ()


@pytest.mark.parametrize("template", built_in(), ids=lambda each: str(each.id))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_becomes_a_prompt_without_conflict(template: Template, language: Language) -> None:
    filled = fill(template.composition(language), samples(template, language))
    assert filled.problems == ()
    assert filled.value is not None
    assert "{" not in filled.value.text
    assert template.said(language)
    assert template.hinted(language)
    seconds = sum(beat.seconds or 0 for beat in filled.value.fields.beats)
    assert 4 <= seconds <= 10
    assert check(filled.value.fields, Context(seconds=10)) == ()
    assert only_known_words(filled.value.fields) == []


@pytest.mark.parametrize("template", built_in(), ids=lambda each: str(each.id))
def test_a_template_asks_for_the_same_things_in_both_languages(template: Template) -> None:
    english, chinese = (variables(template.composition(language)) for language in LANGUAGES)
    assert [(each.kind, len(each.choices), each.low, each.high) for each in english] == [
        (each.kind, len(each.choices), each.low, each.high) for each in chinese
    ]
    assert english


def test_every_kind_of_variable_is_read() -> None:
    text = "{product} {colour|red,blue} {颜色|红，蓝} {n|number} {m|number 1-10} {k|number 9-2=3}"
    text += " {s|text=Made} {号|数字 1-3}"
    assert variables(text) == (
        Variable("product"),
        Variable("colour", "choice", ("red", "blue")),
        Variable("颜色", "choice", ("红", "蓝")),
        Variable("n", "number"),
        Variable("m", "number", low=1, high=10),
        Variable("k", "number", low=2, high=9, start="3"),
        Variable("s", start="Made"),
        Variable("号", "number", low=1, high=3),
    )


def test_what_is_no_variable_stays_as_it_is() -> None:
    text = r"\{anime\} {a|b} {} { } {1st} {a|b|c,d} [5.0s]"
    assert variables(text) == ()
    assert fill(text, {}).value == "{anime} {a|b} {} { } {1st} {a|b|c,d} [5.0s]"


def test_a_name_said_twice_is_asked_for_once_with_the_kind_that_was_said() -> None:
    assert variables("A {thing}, the {thing|cup,pot}") == (Variable("thing", "choice", ("cup", "pot")),)
    assert fill("A {thing}, the {thing|cup,pot}", {"thing": "pot"}).value == "A pot, the pot"


def test_empty_values_take_what_the_variable_begins_with() -> None:
    assert fill("{c|red,blue} {n|number 1-9=3} {s|text=Hi}", {"c": " "}).value == "red 3 Hi"


@pytest.mark.parametrize(
    ("text", "values", "code"),
    [
        ("{product}", {}, "variable_missing"),
        ("{product}", {"product": "x" * (MAX_VALUE_CHARS + 1)}, "variable_too_long"),
        ("{c|red,blue}", {"c": "green"}, "variable_no_choice"),
        ("{n|number}", {"n": "three"}, "variable_no_number"),
        ("{n|number}", {"n": "٣"}, "variable_no_number"),
        ("{n|number 1-9}", {"n": "10"}, "variable_out_of_range"),
        ("A boat", {"n": "10"}, "variable_unknown"),
    ],
)
def test_what_does_not_fit_the_form_is_said(text: str, values: dict[str, str], code: str) -> None:
    read = fill(text, values)
    assert (read.value, [each.code for each in read.problems]) == (None, [code])
    assert "{" not in str(read.problems[0])


def test_all_problems_of_a_form_are_told_at_once() -> None:
    read = fill("{a} {b|x,y} {c|number}", {"b": "z", "c": "?", "d": "1"})
    assert [each.column for each in read.problems] == ["a", "b", "c", "d"]


@FEW
@given(st.text(max_size=30).filter(lambda text: text.strip() == text and text and "\0" not in text))
def test_what_a_person_types_is_put_in_as_it_is(value: str) -> None:
    assert fill("<{thing}>", {"thing": value}).value == f"<{value}>"


def test_fields_and_an_edit_are_filled_together() -> None:
    both = apply_edit(Composition(Fields(place=Place("A {thing}"))), "One {thing}!")
    filled = fill(both, {"thing": "cup"}).value
    assert filled is not None
    assert (filled.fields.place.text, filled.text, filled.state) == ("A cup", "One cup!", "edited")


def test_ones_own_template_counts_its_versions() -> None:
    first = own("t1", " Quay ", Composition(QUAY))
    assert (first.version, first.said("zh"), first.composition("zh").fields) == (1, "Quay", QUAY)
    assert next_version(first, Composition(QUAY)) is first
    second = next_version(first, Composition(Fields(mood=("calm",)), "zh"))
    assert (second.version, second.composition("en"), second.composition("zh").text) == (
        2,
        Composition(QUAY),
        "氛围：平静",
    )
    assert Template("x", {}, {}, "", 1, {}).composition("en") == Composition()


def test_templates_come_back_from_json_and_from_csv_as_they_were() -> None:
    assert from_json(to_json(built_in())).value == built_in()
    again = from_csv(to_csv(built_in()))
    assert again.problems == ()
    assert again.value == built_in()


@FEW
@given(FIELDS, st.text("abc=+-@'\n\",;{}|", max_size=20))
def test_any_composition_comes_back(fields: Fields, text: str) -> None:
    template = own("t1", "=name", apply_edit(Composition(fields), text or "x"))
    assert from_json(to_json([template])).value == (template,)


def test_a_cell_that_looks_like_a_formula_is_defused_and_restored() -> None:
    template = own("t1", "=1+1", apply_edit(Composition(), "@SUM(A1)"))
    data = to_csv([template])
    assert b"'=1+1" in data
    assert b"'@SUM" in data
    assert from_csv(data).value == (template,)


def test_a_sheet_of_another_program_needs_only_name_and_prompt() -> None:
    read = from_csv("Name;Prompt\nQuay;A {thing}\nBoat;Two boats\n")
    assert read.value is not None
    assert [(each.said("en"), each.composition("en").text) for each in read.value] == [
        ("Quay", "A {thing}"),
        ("Boat", "Two boats"),
    ]
    assert read.value == from_csv("Name;Prompt\nQuay;A {thing}\nBoat;Two boats\n").value


def test_a_prompt_changed_in_the_sheet_keeps_the_fields() -> None:
    data = to_csv([own("t1", "Calm", Composition(Fields(mood=("calm",))))]).decode("utf-8-sig")
    read = from_csv(data.replace("Mood: calm,", "Mood: very calm,", 1))
    assert read.value is not None
    changed = read.value[0].composition("en")
    assert (changed.text, changed.fields.mood) == ("Mood: very calm", ("calm",))


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "csv_empty", ""),
        ("name,text\na,b", "csv_no_column", "row 1"),
        ("name,prompt\n,b", "template_no_name", "row 2"),
        ("name,prompt\na,", "template_no_prompt", "row 2"),
        ("name,prompt,version\na,b,zero", "template_bad_version", "row 2"),
        ("name,prompt\n" + "n" * 201 + ",b", "template_long_name", "row 2"),
        ("name,prompt\n" + "a,b\n" * (2 * MAX_TEMPLATES + 1), "csv_too_many_rows", ""),
    ],
)
def test_a_mistake_in_a_sheet_of_templates_has_its_place(text: str, code: str, place: str) -> None:
    read = from_csv(text)
    assert read.value is None
    assert read.problems[0].code == code
    assert str(read.problems[0]).startswith(place)


@pytest.mark.parametrize(
    ("kept", "code"),
    [
        ("[]", "templates_not_ours"),
        ("{", "templates_not_ours"),
        (json.dumps({"templates": [], "version": 99}), "templates_newer"),
        (json.dumps({"templates": [{}] * (MAX_TEMPLATES + 1)}), "templates_too_many"),
        (json.dumps({"templates": [{"compositions": {"en": "A boat"}}]}), "template_no_name"),
        (json.dumps({"templates": [{"name": "Boat"}]}), "template_no_prompt"),
        (json.dumps({"templates": [{"name": "n" * 201, "compositions": {"en": "A"}}]}), "template_long_name"),
        (json.dumps({"templates": [{"name": "B", "version": 0, "compositions": {"en": "A"}}]}), "template_bad_version"),
        (json.dumps({"templates": [7]}), "template_no_name"),
    ],
)
def test_a_mistake_in_a_file_of_templates_is_said(kept: str, code: str) -> None:
    read = from_json(kept)
    assert read.value is None
    assert code in [each.code for each in read.problems]
    assert all("{" not in str(each) for each in read.problems)


def test_a_template_without_an_id_gets_the_same_one_each_time() -> None:
    kept = json.dumps({"kind": KIND, "templates": [{"name": "Boat", "compositions": {"en": "A {thing}"}}]})
    one, other = from_json(kept).value, from_json(kept).value
    assert one is not None
    assert one == other
    assert one[0].id.startswith("t")
