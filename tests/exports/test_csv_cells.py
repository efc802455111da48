"""No cell of a CSV of ours is a formula, and nothing else is changed."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.csv_cells import FORMULA, as_csv, cell
from services.file_names import file_name

STARTS = ["", " ", "\t", "\r", "\n", "\x00", "\u00a0", "\u200b", "\ufeff", "\u202e", "\u3000", " \t\r"]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("sign", [*"=+-@|%", *"＝＋－＠", *"﹦﹢﹣﹫", "\u2212"])
def test_what_begins_like_a_formula_is_defused(start: str, sign: str) -> None:
    for text in (f"{start}{sign}cmd|' /C calc'!A0", f"{start}{sign}"):
        assert str(cell(text)).startswith("'")


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx"])
def test_what_begins_with_a_tab_or_a_line_end_is_defused(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["a=1", "纸船", "1+1", "", "'quoted'", 5, -5, -0.5, "5"])
def test_ordinary_cells_are_left_alone(value: object) -> None:
    assert cell(value) == value


def test_what_is_unknown_is_empty() -> None:
    assert cell(None) == ""


@given(st.lists(st.lists(st.text() | st.integers() | st.none(), min_size=1, max_size=4), max_size=4))
def test_a_file_reads_back_as_it_was_but_for_the_apostrophes(rows: list[list[object]]) -> None:
    back = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"), newline="")))

    assert back == [[str(cell(value)) for value in row] for row in rows]
    for row, fields in zip(rows, back, strict=True):
        for value, field in zip(row, fields, strict=True):
            if isinstance(value, str) and field:
                bare = field.lstrip()[:1]
                assert unicodedata.normalize("NFKC", bare)[:1] not in FORMULA or not bare


@given(st.text(max_size=300), st.sampled_from(["mp4", "webm"]))
def test_any_prompt_makes_a_name_that_any_system_takes(prompt: str, extension: str) -> None:
    name = file_name(prompt, "0123456789abcdef", extension)

    assert name.startswith("dailies-")
    assert name.endswith(f"01234567.{extension}")
    assert len(name.encode()) <= 120
    assert name.count(".") == 1
    assert not set(name) & set('/\\:*?"<>|\r\n\t\0 ;%')
    assert all(unicodedata.category(sign) not in ("Cc", "Cf", "Cs") for sign in name)
