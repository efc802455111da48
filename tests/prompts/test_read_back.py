"""The read-back card: what was asked for in plain words, and what is unknown said to be unknown."""

from __future__ import annotations

import pytest
from hypothesis import given

from services.prompts.composition import Composition, apply_edit
from services.prompts.fields import EMPTY, Controls, Fields, Line, Sound
from services.prompts.read_back import CardLine, read_back
from services.prompts.vocabulary import Language
from tests.prompts.some import FEW, FIELDS, QUAY


def shown(lines: tuple[CardLine, ...]) -> list[str]:
    return [line.sentence.format(**line.params) for line in lines]


def test_the_whole_card() -> None:
    assert shown(read_back(Composition(QUAY), "en", seconds=10, cost="$0.30")) == [
        "You will see A stone quay with one bench, dawn, mist, Mei.",
        "It looks like 35 mm film, calm, backlight, navy, silver, ice.",
        "The camera: medium shot, eye level, slow push-in, 50 mm, shallow depth of field.",
        "In order: She takes four steps; She sits down.",
        "You will hear ocean waves, footsteps on gravel, solo piano.",
        "Mei says: We made it.",
        "You will read: Platform 4",
        "It should stay away from crowds.",
        "It lasts 10 s.",
        "It costs about $0.30.",
    ]


def test_vocabulary_is_in_the_readers_language_whatever_the_prompts() -> None:
    lines = shown(read_back(Composition(QUAY, "en"), "zh", seconds=None, cost=None))
    assert "海浪、碎石脚步、钢琴独奏" in lines[4]


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    lines = read_back(Composition(EMPTY), "en", seconds=None, cost=None)
    assert {line.kind for line in lines} == {"see", "camera", "hear", "lasts", "costs"}
    assert not any(line.known for line in lines)


def test_takes_are_priced_together_and_the_demo_is_free() -> None:
    three = Composition(Fields(controls=Controls(takes=3)))
    assert shown(read_back(three, "en", seconds=4, cost="$1"))[-1] == "3 takes cost about $1 together."
    assert shown(read_back(three, "en", seconds=4, cost=None, free=True))[-1] == "It costs nothing: this is the demo."


def test_of_an_edited_text_nothing_is_claimed() -> None:
    lines = read_back(apply_edit(Composition(QUAY), "Something else"), "en", seconds=4, cost=None)
    assert [line.kind for line in lines] == ["see", "lasts", "costs"]


def test_a_line_without_a_speaker_is_someones_and_rules_alone_promise_no_sound() -> None:
    fields = Fields(dialogue=(Line("", "Hello"),), sound=Sound(("no music, natural sound only",)))
    kinds = [(line.kind, line.known) for line in read_back(Composition(fields), "en", seconds=4, cost=None)]
    assert ("say", True) in kinds
    silent = Fields(sound=Sound(effects=("no speech",)))
    lines = read_back(Composition(silent), "en", seconds=4, cost=None)
    assert [line.known for line in lines if line.kind == "hear"] == [True, False]


@FEW
@given(FIELDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_card_can_be_shown(language: Language, fields: Fields) -> None:
    assert all(shown(read_back(Composition(fields), language, seconds=None, cost=None)))
