"""Many at once: everything is checked whole, every problem has its place, and a thousand rows are quick."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompts.alternatives import MAX_DEPTH, alternatives, count
from services.prompts.composition import Composition, apply_edit
from services.prompts.csv_batch import MAX_ROWS, Base, example, read_batch
from services.prompts.csv_reading import MAX_BYTES, read_table
from services.prompts.fields import Controls, Fields, Place
from services.prompts.many import AXES, Axis, Item, Limits, check_items, matrix, one_a_line, sends, spread, takes
from services.prompts.templates import built_in
from services.prompts.vocabulary import Language
from tests.prompts.some import FEW, QUAY

FREE = Base()
FORM = Base(apply_edit(Composition(), "A {colour|red,blue} {thing}, {n|number 1-9=2} of them"))
PLAIN = Controls()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", ["plain"]),
        ("a {red|blue} boat", ["a red boat", "a blue boat"]),
        ("{a|b}{c|d}", ["ac", "ad", "bc", "bd"]),
        ("a {red|{dark|light} blue} boat", ["a red boat", "a dark blue boat", "a light blue boat"]),
        ("a {very |}small boat", ["a very small boat", "a small boat"]),
        (r"\{a|b\} \\", ["{a|b} \\"]),
        ("{anime} cat | dog", ["{anime} cat | dog"]),
        ("{anime {a|b}}", ["{anime a}", "{anime b}"]),
        ("{红|蓝}船", ["红船", "蓝船"]),
        ("{a|a}", ["a"]),
        ("}", ["}"]),
    ],
)
def test_alternatives_become_every_prompt(text: str, said: list[str]) -> None:
    assert alternatives(text).value == tuple(said)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a {red|blue boat", "alternatives_open"),
        ("a {red", "alternatives_open"),
        ("{" * (MAX_DEPTH + 1) + "a|b" + "}" * (MAX_DEPTH + 1), "alternatives_deep"),
        ("{a|b}" * 20, "alternatives_many"),
    ],
)
def test_alternatives_that_cannot_be_are_said(text: str, code: str) -> None:
    read = alternatives(text)
    assert (read.value, [each.code for each in read.problems]) == (None, [code])


def test_a_huge_number_is_counted_and_not_made() -> None:
    assert count("{a|b}" * 60) == 2**60
    assert count("{a") is None


@FEW
@given(st.text("{}|\\ab", max_size=24))
def test_no_text_breaks_alternatives(text: str) -> None:
    said = alternatives(text, 100)
    assert said.problems or (said.value and len(said.value) <= (count(text) or 0))


def test_one_prompt_a_line_with_line_numbers() -> None:
    read = one_a_line("a {red|blue} boat\n\n  a quay \n", Controls(seconds=4, takes=2))
    assert read.value is not None
    assert [(item.text, item.row) for item in read.value] == [("a red boat", 1), ("a blue boat", 1), ("a quay", 3)]
    assert sends(read.value) == 6


def test_every_bad_line_is_told_and_none_is_sent() -> None:
    read = one_a_line("a {red\nfine\nb {x", PLAIN)
    assert read.value is None
    assert [(each.code, each.row) for each in read.problems] == [("alternatives_open", 1), ("alternatives_open", 3)]


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ([], ["many_nothing"]),
        ([Item("")], ["many_blank"]),
        ([Item("x" * 11)], ["many_long"]),
        ([Item("x", Controls(takes=21))], ["many_takes"]),
        ([Item("x", Controls(takes=0))], ["many_takes"]),
        ([Item("x", Controls(takes=20))] * 6, ["many_too_many"]),
        ([Item(" "), Item("x" * 11, Controls(takes=100))], ["many_blank", "many_long", "many_takes", "many_too_many"]),
    ],
)
def test_all_limits_are_checked_before_anything_is_sent(items: list[Item], codes: list[str]) -> None:
    problems = check_items(items, Limits(max_sends=100, max_takes=20, max_chars=10))
    assert [each.code for each in problems] == codes
    assert all("{" not in str(each) for each in problems)


def test_takes_and_spread() -> None:
    read = takes("A boat", PLAIN, 4)
    assert read.value is not None
    assert (len(read.value), sends(read.value)) == (1, 4)
    assert takes("A boat", PLAIN, 99).value is None
    over_lines = spread("a {red|blue}\nboat", PLAIN)
    assert over_lines.value is not None
    assert [item.text for item in over_lines.value] == ["a red\nboat", "a blue\nboat"]
    assert [each.code for each in spread("{a", PLAIN).problems] == ["alternatives_open"]
    assert [each.code for each in one_a_line(" \n ", PLAIN).problems] == ["many_nothing"]


def test_a_matrix_changes_two_things_and_keeps_the_rest() -> None:
    read = matrix(QUAY, (Axis("move", ("pan left", "后拉")), Axis("seconds", ("4", "8"))), PLAIN, "en")
    assert read.value is not None
    assert [(item.values["move"], item.controls.seconds) for item in read.value] == [
        ("pan left", 4), ("pan left", 8), ("后拉", 4), ("后拉", 8),
    ]  # fmt: skip
    assert "pull-back" in read.value[2].text
    assert read.value[0].fields is not None
    assert read.value[0].fields.cast == QUAY.cast


@pytest.mark.parametrize("name", AXES)
def test_every_axis_can_be_a_side(name: str) -> None:
    value = {"seconds": "4", "orientation": "portrait"}.get(name, "night")
    read = matrix(Fields(place=Place("A {thing}")), (Axis(name, (value,)), Axis("thing", ("cup", "pot"))), PLAIN, "en")
    assert read.value is not None
    assert len({item.text for item in read.value}) == 2


def test_a_matrix_over_free_text_fills_its_variables() -> None:
    read = matrix(
        "A {colour|red,blue} {thing}", (Axis("colour", ("red", "blue")), Axis("thing", ("cup",))), PLAIN, "en"
    )
    assert read.value is not None
    assert [item.text for item in read.value] == ["A red cup", "A blue cup"]


@pytest.mark.parametrize(
    ("axes", "codes"),
    [
        ((Axis("move", ()), Axis("mood", ("calm",))), {"axis_empty"}),
        ((Axis("move", ("pan left",)), Axis("move", ("pan left",))), {"axis_twice"}),
        ((Axis("hologram", ("x",)), Axis("mood", ("calm",))), {"axis_unknown"}),
        ((Axis("seconds", ("four",)), Axis("mood", ("calm", "tense"))), {"axis_value"}),
        ((Axis("seconds", tuple(map(str, range(1, 99)))), Axis("mood", tuple("abcdefghijk"))), {"many_too_many"}),
    ],
)
def test_a_matrix_that_cannot_be_is_said(axes: tuple[Axis, Axis], codes: set[str]) -> None:
    read = matrix(QUAY, axes, PLAIN, "en")
    assert read.value is None
    assert {each.code for each in read.problems} == codes


ENCODINGS: list[Callable[[str], bytes]] = [
    lambda text: text.encode(),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("gb18030"),
    lambda text: text.replace(",", ";").encode(),
    lambda text: text.replace(",", "\t").encode(),
    lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
]


@pytest.mark.parametrize("written", ENCODINGS)
def test_a_sheet_of_any_program_is_read(written: Callable[[str], bytes]) -> None:
    read = read_batch(written("提示词,秒数,画幅,条数\n黄昏的灯塔,10,竖屏,2\n\n纸船,,,\n"), FREE)
    assert read.problems == ()
    assert read.value is not None
    first, second = read.value
    assert (first.text, first.controls) == ("黄昏的灯塔", Controls(orientation="portrait", seconds=10, takes=2))
    assert (second.text, second.controls) == ("纸船", PLAIN)


def test_rows_are_counted_as_the_sheet_counts_them() -> None:
    read = read_batch('prompt,takes\n"two\nlines",1\n\nA boat,0\n', FREE)
    assert [(each.code, each.row, each.column) for each in read.problems] == [("csv_bad_takes", 4, "takes")]


def test_a_template_becomes_columns_and_empty_cells_take_what_it_begins_with() -> None:
    read = read_batch("thing,Colour,n,look\nboat,blue,,Film noir\ncup,,5,\n", FORM)
    assert read.problems == ()
    assert read.value is not None
    assert read.value[0].text.startswith("A blue boat, 2 of them\n\nStyle: film noir")
    assert read.value[1].text == "A red cup, 5 of them"


def test_a_cell_beyond_csvs_own_limit_is_read_whole() -> None:
    long = "A kite " * 30_000

    read = read_batch(f"prompt\n{long}\n", FREE)

    assert read.problems == ()
    assert read.value is not None
    assert read.value[0].text == long.strip()


BAD: list[tuple[str, Base, str | bytes, int | None, str]] = [
    ("csv_empty", FREE, "", None, ""),
    ("csv_empty", FREE, "\ufeff\n \n", None, ""),
    ("csv_not_text", FREE, b"\x89PNG\r\n\x1a\n\x00\x00", None, ""),
    ("csv_not_text", FREE, b"prompt\n\xff\xff\xff", None, ""),
    ("csv_too_large", FREE, "prompt\n" + "x" * MAX_BYTES, None, ""),
    ("csv_quotes", FREE, 'prompt\n"A boat" and\n', 2, ""),
    ("csv_quotes", FREE, 'prompt\n"A boat', 2, ""),
    ("csv_no_heading", FREE, "prompt,,takes\nx,,1", 1, ""),
    ("csv_heading_twice", FREE, "prompt,Prompt\nx,y", 1, "Prompt"),
    ("csv_no_rows", FREE, "prompt\n\n", None, ""),
    ("csv_too_many_rows", FREE, "prompt\n" + "x\n" * (MAX_ROWS + 1), None, ""),
    ("csv_too_many_cells", FREE, "prompt,takes\nA boat, a quay,1", 2, ""),
    ("csv_unknown_column", FREE, "prompt,colour\nx,red", 1, "colour"),
    ("csv_unknown_column", FORM, "thing,prompt\nx,y", 1, "prompt"),
    ("csv_no_column", FREE, "takes\n1", 1, ""),
    ("csv_bad_shape", FREE, "prompt,orientation\nx,tall", 2, "orientation"),
    ("csv_bad_seconds", FREE, "prompt,seconds\nx,ten", 2, "seconds"),
    ("csv_bad_seconds", FREE, "prompt,seconds\nx,0", 2, "seconds"),
    ("csv_bad_takes", FREE, "prompt,takes\nx,99", 2, "takes"),
    ("csv_bad_takes", FREE, "prompt,takes\nx,1.5", 2, "takes"),
    ("csv_bad_look", FORM, "thing,look\nx,glossy", 2, "look"),
    ("variable_missing", FORM, "thing,colour\n,red", 2, "thing"),
    ("variable_no_choice", FORM, "thing,colour\nx,green", 2, "colour"),
    ("variable_no_number", FORM, "thing,n\nx,few", 2, "n"),
    ("variable_out_of_range", FORM, "thing,n\nx,10", 2, "n"),
    ("many_blank", FREE, "prompt,takes\n,1", 2, "prompt"),
    ("many_too_many", FREE, "prompt,takes\n" + "x,20\n" * 60, None, ""),
]


@pytest.mark.parametrize(("code", "base", "data", "row", "column"), BAD)
def test_every_mistake_of_a_sheet_has_its_row_and_column(
    code: str, base: Base, data: str | bytes, row: int | None, column: str
) -> None:
    read = read_batch(data, base)
    assert read.value is None
    assert (code, row, column) in [(each.code, each.row, each.column) for each in read.problems]
    assert all("{" not in str(each) for each in read.problems)


def test_a_row_tells_all_that_is_wrong_with_it_at_once() -> None:
    read = read_batch("prompt,orientation,seconds,takes\nA boat,,,1\n,tall,ten,99\n", FREE)
    assert sorted((each.row or 0, each.column) for each in read.problems) == [
        (3, "orientation"), (3, "prompt"), (3, "seconds"), (3, "takes"),
    ]  # fmt: skip


def test_three_bad_rows_of_fifty_are_told_at_once_and_nothing_is_made() -> None:
    rows = [f"boat {number},red,{number % 9 + 1}" for number in range(50)]
    rows[10], rows[20], rows[30] = "boat,green,1", ",red,1", "boat,red,many"
    read = read_batch("thing,colour,n\n" + "\n".join(rows), FORM)
    assert read.value is None
    assert [(each.row, each.column) for each in read.problems] == [(12, "colour"), (22, "thing"), (32, "n")]


def test_too_long_for_the_model_is_told_with_its_row() -> None:
    read = read_batch("prompt\nok\n" + "x" * 20, FREE, Limits(max_chars=10))
    assert [(each.code, each.row) for each in read.problems] == [("many_long", 3)]


@FEW
@given(st.one_of(st.binary(max_size=80), st.text('a,;"\n\t\r=é中', max_size=60)))
def test_no_file_breaks_the_reading(data: bytes | str) -> None:
    assert isinstance(read_table(data, 10).problems, tuple)
    assert isinstance(read_batch(data, FREE).problems, tuple)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("base", [FREE, FORM, *(Base(each.composition("zh")) for each in built_in()[:4])])
def test_the_sheet_to_begin_with_can_be_read_back(base: Base, language: Language) -> None:
    read = read_batch(example(base, language), base)
    assert read.problems == ()
    assert read.value is not None
    assert [item.controls.takes for item in read.value] == [1, 2]


def test_a_thousand_rows_compose() -> None:  # how fast: benchmarks/batch.py
    base = Base(built_in()[6].composition("en"))
    rows = "\n".join(f"Mei {number},red coat {number},Noir,10" for number in range(1_000))
    read = read_batch("name,looks,look,seconds\n" + rows, base)
    assert read.problems == ()
    assert read.value is not None
    assert len({item.text for item in read.value}) == 1_000


def test_a_look_dresses_a_template_and_a_plain_prompt_alike() -> None:
    plain = read_batch("提示词,风格\n黄昏的灯塔,水墨\n", Base(Composition(language="zh")))
    assert plain.value is not None
    assert plain.value[0].text.startswith("黄昏的灯塔\n\n风格：水墨动画")
    story = Base(built_in()[6].composition("en"))
    dressed = read_batch("name,looks,look\nMei,tall,noir\n", story)
    assert dressed.value is not None
    assert "Style: film noir" in dressed.value[0].text
    assert "35 mm film" not in dressed.value[0].text
