""" "You already made this": same and nearly the same prompts, on both stores."""

from __future__ import annotations

import uuid

import pytest

from db import generations
from db.database import Database
from db.records import Ending
from db.states import Outcome, State
from services.library.already_made import AlreadyMade
from tests.db.rows import NOW, add

LIGHTHOUSE = (
    "A lighthouse at dusk, wide shot, the camera pushes in slowly while waves break over black rocks; warm lamp light"
    " against a cold blue sky, gulls, wind, no music"
)
CHINESE = "黄昏的灯塔，大全景，镜头缓慢推近，海浪拍打黑色礁石，暖色灯光映着冷蓝的天空，海鸥与风声，没有音乐"


def made(database: Database, prompt: str, state: State = State.DONE, **changes: str) -> str:
    with database.transaction() as session:
        one = add(session, prompt, **changes)
    if state is not State.QUEUED:
        with database.transaction() as session:
            generations.claim(session, one.id, "w", NOW)
            ending = Ending(
                state=state, outcome=Outcome.VIDEO if state is State.DONE else None, content=uuid.uuid4().hex
            )
            assert generations.end(session, one.id, "w", ending, NOW)
    return one.id


@pytest.mark.parametrize("prompt", [LIGHTHOUSE, CHINESE, "一只猫", "cat"])
def test_the_same_words_are_found_whatever_their_case_and_signs(database: Database, prompt: str) -> None:
    id = made(database, prompt)
    made(database, "Two dancers on a roof at night, neon, handheld")
    look = AlreadyMade("local", database)

    found = look.look(f"  {prompt.upper()}!! ", "sora-2")
    assert [(one.generation.id, one.same) for one in found] == [(id, True)]


@pytest.mark.parametrize(
    ("prompt", "changed"),
    [(LIGHTHOUSE, LIGHTHOUSE.replace("gulls", "seagulls").replace("black", "dark")), (CHINESE, CHINESE + "，雨")],
)
def test_nearly_the_same_is_found_and_said_to_be_near(database: Database, prompt: str, changed: str) -> None:
    id = made(database, prompt)

    (found,) = AlreadyMade("local", database).look(changed, "sora-2")
    assert (found.generation.id, found.same) == (id, False)
    assert 0.85 <= found.likeness < 1


@pytest.mark.parametrize("other", ["A lighthouse at noon with children running over a green meadow below it", "灯塔"])
def test_something_else_is_not_found(database: Database, other: str) -> None:
    made(database, LIGHTHOUSE)
    made(database, CHINESE)

    assert AlreadyMade("local", database).look(other, "sora-2") == ()


def test_only_ones_own_and_this_model_and_what_was_made(database: Database) -> None:
    made(database, LIGHTHOUSE, owner="someone")
    made(database, LIGHTHOUSE, model="veo-3")
    made(database, LIGHTHOUSE, State.FAILED)
    look = AlreadyMade("local", database)

    assert look.look(LIGHTHOUSE, "sora-2") == ()
    waiting = made(database, LIGHTHOUSE, State.QUEUED)
    assert [one.generation.id for one in look.look(LIGHTHOUSE, "sora-2")] == [waiting]


@pytest.mark.parametrize("prompt", [LIGHTHOUSE, "cat"])
def test_the_same_words_with_another_picture_are_near_and_not_the_same(database: Database, prompt: str) -> None:
    first, second = "a" * 64, "b" * 64
    bare, pictured = made(database, prompt), made(database, prompt, picture=first)
    look = AlreadyMade("local", database)

    def told(picture: str) -> list[tuple[str, bool]]:
        return [(one.generation.id, one.same) for one in look.look(prompt, "sora-2", picture=picture)]

    assert told("") == [(bare, True), (pictured, False)]
    assert told(first) == [(pictured, True), (bare, False)]
    assert told(second) == [(pictured, False), (bare, False)]


def test_the_same_comes_before_the_near_and_the_newest_first(database: Database) -> None:
    same = [made(database, LIGHTHOUSE), made(database, LIGHTHOUSE)]
    near = made(database, LIGHTHOUSE + ", rain")
    found = AlreadyMade("local", database).look(LIGHTHOUSE, "sora-2")

    assert [one.generation.id for one in found] == [*reversed(same), near]
    assert AlreadyMade("local", database).look("  !? ", "sora-2") == ()
