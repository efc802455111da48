"""A shot list as it is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.prompts.fields import Beat, Controls, Fields, Line, Person
from services.prompts.shot_list import ShotList, items_of, read_shots

BASE = Fields(
    continuity="Same room.",
    cast=(Person("Mei", ("tall",)),),
    controls=Controls(orientation="portrait"),
    dialogue=(Line("Mei", "Hello"),),
    beats=(Beat("Something else"),),
)


def listed(text: str, base: Fields = BASE) -> ShotList:
    read = read_shots(text, base)
    assert read.value is not None, read.problems
    return read.value


@pytest.mark.parametrize(
    ("line", "words", "seconds"),
    [
        ("4s: A door opens", "A door opens", 4.0),
        ("4.5 sec - A door opens", "A door opens", 4.5),
        ("[5.0s]A door opens", "A door opens", 5.0),
        ("6 seconds, a door opens", "a door opens", 6.0),
        ("4秒：门开了", "门开了", 4.0),
        ("（3秒）门开了", "门开了", 3.0),
        ("3 boys run", "3 boys run", None),
        ("8 sunny skies", "8 sunny skies", None),
        ("A door opens in 4s", "A door opens in 4s", None),
    ],
)
def test_a_line_may_begin_with_its_seconds(line: str, words: str, seconds: float | None) -> None:
    (shot,) = listed(line).shots
    assert (shot.beats[0].text, shot.controls.seconds) == (words, seconds)


def test_shots_share_all_of_the_base_but_its_beats_and_lines() -> None:
    first, second = listed("A door opens\nShe steps out").shots
    assert first.cast == second.cast == BASE.cast
    assert first.controls.orientation == "portrait"
    assert first.dialogue == ()
    assert first.beats == (Beat("A door opens"),)


def test_every_problem_is_told_with_its_line() -> None:
    read = read_shots("A good one\n4s:\n\n0s: Too short\n9000s: Too long", BASE)
    assert read.value is None
    assert [(problem.code, problem.row) for problem in read.problems] == [
        ("shot_empty", 2),
        ("shot_seconds", 4),
        ("shot_seconds", 5),
    ]


def test_one_prompt_a_shot_says_what_is_shared_in_the_very_same_words() -> None:
    items = items_of(listed("4s: A door opens\n\n6s: She steps out"), 2, "en", together=False).value
    assert items is not None
    assert [item.row for item in items] == [1, 3]
    assert all(item.text.startswith("Same room.\n\nMei: tall.") for item in items)
    assert [(item.controls.seconds, item.controls.takes, item.controls.orientation) for item in items] == [
        (4.0, 2, "portrait"),
        (6.0, 2, "portrait"),
    ]


def test_one_prompt_for_all_asks_for_the_sum_of_the_seconds_where_all_are_known() -> None:
    (item,) = items_of(listed("4s: A door opens\n6s: She steps out"), 1, "en", together=True).value or ()
    assert item.text.count("Same room.") == 1
    assert "Shot 2 (6 s):" in item.text
    assert item.controls == replace(BASE.controls, seconds=10.0)
    (item,) = items_of(listed("4s: A door opens\nShe steps out"), 1, "en", together=True).value or ()
    assert item.controls.seconds is None


def test_a_list_without_shots_or_with_too_many_takes_is_a_problem() -> None:
    assert items_of(ShotList((), ()), 1, "en", together=True).problems
    assert items_of(listed("A door"), 99, "en", together=False).problems
