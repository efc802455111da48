"""The picture on the desk, and what the checks say of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from services.prompts.checks import check_composition
from services.prompts.composing import emptied
from services.prompts.desk import Desk, begun_with, kept, note_of, read
from services.prompts.findings import Context
from services.prompts.reference import Reference, from_dict, to_dict
from services.prompts.templates import built_in

PICTURE = Reference("1" * 64, "2" * 64, 1280, 720, 84_000, "landscape", 0.5)
DESK = dataclasses.replace(read("", "It begins to snow"), picture=PICTURE)


def codes(context: Context, desk: Desk = DESK) -> set[str]:
    return {one.code for one in check_composition(desk.composition, context)}


def test_it_lies_beside_free_words_and_a_template_leaves_it_there() -> None:
    assert read(note_of(DESK), DESK.text) == DESK
    assert kept(DESK) is not None
    assert begun_with(built_in()[0].composition("en"), DESK).picture == PICTURE
    assert emptied(DESK).picture is None


@pytest.mark.parametrize(
    "change",
    [{"id": "x"}, {"id": None}, {"width": 0}, {"width": "9"}, {"height": -1}, {"size_bytes": None}, {"width": True}],
)
def test_a_spoilt_note_is_no_picture(change: dict[str, Any]) -> None:
    assert from_dict({**to_dict(PICTURE), **change}) is None


def test_a_note_of_another_time_is_read_as_far_as_it_goes() -> None:
    odd = from_dict({**to_dict(PICTURE), "shape": "round", "at": 7, "source": "../x", "new": 1})

    assert odd == dataclasses.replace(PICTURE, shape="whole", at=1.0, source=PICTURE.id)


def test_the_picture_is_held_against_the_model() -> None:
    assert codes(Context(orientation="portrait", picture=PICTURE.size)) == {"picture_shape"}
    assert codes(Context(orientation="landscape", picture=PICTURE.size)) == set()
    assert codes(Context(picture=PICTURE.size, takes_picture=False)) == {"picture_unread"}
    assert codes(Context(picture=PICTURE.size, takes_picture=None)) == set(), "what is unknown is not warned of"
