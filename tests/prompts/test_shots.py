"""Shot lists: one prompt, one prompt a shot, or a storyboard, in the very same words."""

from __future__ import annotations

from services.prompts.fields import Beat, Fields, Person
from services.prompts.shots import as_one, as_storyboard, from_beats, one_each, seconds_of
from tests.prompts.some import QUAY

SHOTS = (
    Fields(
        continuity="Same room.", cast=(Person("Mei", ("tall",)),), beats=(Beat("Mei sits", 4),), moves=("pan left",)
    ),
    Fields(
        continuity="Same room.", cast=(Person("Mei", ("tall",)),), beats=(Beat("Mei stands", 2), Beat("Mei goes", 3))
    ),
)


def test_a_shot_list_as_one_prompt_says_what_is_shared_once() -> None:
    text = as_one(SHOTS, "en")
    assert text.count("Same room.") == text.count("Mei: tall.") == 1
    assert "Shot 1 (4 s):\nCamera shot: pan left" in text
    assert "Shot 2 (5 s):" in text
    assert "镜头2（5秒）：" in as_one(SHOTS, "zh")
    assert as_one((), "en") == ""


def test_a_shot_list_as_one_prompt_a_shot_repeats_the_very_same_words() -> None:
    assert all(text.startswith("Same room.\n\nMei: tall.") for text in one_each(SHOTS, "en"))


def test_a_storyboard_has_a_line_a_shot_and_needs_every_length() -> None:
    board = as_storyboard(SHOTS, "en")
    assert board is not None
    assert [line[:6] for line in board.splitlines()] == ["Same r", "[4.0s]", "[5.0s]"]
    assert as_storyboard((Fields(beats=(Beat("x"),)),), "en") is None


def test_beats_become_shots() -> None:
    shots = from_beats(QUAY)
    assert [seconds_of(shot) for shot in shots] == [2, 2]
    assert [len(shot.dialogue) for shot in shots] == [1, 0]
    assert from_beats(Fields(mood=("calm",))) == (Fields(mood=("calm",)),)
