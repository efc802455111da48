"""What works: means by value, the one change between rated parent and child, and no figure where nothing is known."""

from __future__ import annotations

from typing import Any

import pytest

from db import generations
from db.database import Database
from db.records import Ending
from db.states import Outcome, State
from services.clock import utc_now
from services.library.marks import Marks
from services.library.works import Works
from services.prompts.desk import Desk, kept
from services.prompts.fields import Fields
from tests.db.rows import add


def rated(database: Database, stars: int | None, tokens: int | None = None, **said: Any) -> str:
    """Make one that has ended, and rate it."""
    now = utc_now()
    fields = said.pop("fields", None)
    beside = kept(Desk(fields)) if isinstance(fields, Fields) else None
    with database.transaction() as session:
        made = add(session, fields=beside, created_at=now, **said)
        generations.claim(session, made.id, "w1", now)
        ending = Ending(state=State.DONE, outcome=Outcome.TEXT, content="x", total_tokens=tokens)
        generations.end(session, made.id, "w1", ending, now)
    Marks("local", database).rate(made.id, stars)
    return made.id


@pytest.fixture
def works(database: Database) -> Works:
    return Works("local", database)


def test_values_are_told_by_their_mean_and_few_ones_as_few(database: Database, works: Works) -> None:
    for stars in (5, 5, 4, 4, 3):
        rated(database, stars, fields=Fields(moves=("push in",), looks=("anime", "日式动画")))
    rated(database, 1, fields=Fields(moves=("pan left",)))
    rated(database, None, fields=Fields(moves=("pan left",)))
    report = works.report("en")

    assert report.rated == 6
    assert [(one.name, one.mean, one.count, one.few) for one in report.values["moves"]] == [
        ("push in", 4.2, 5, False),
        ("pan left", 1.0, 1, True),
    ]
    assert [(one.name, one.count) for one in report.values["looks"]] == [("anime", 5)], "one word in two languages"
    assert [one.name for one in report.values["model"]] == ["sora-2"]


def test_one_change_between_rated_parent_and_child_is_told_and_two_are_not(database: Database, works: Works) -> None:
    parent = rated(database, 3, fields=Fields(mood=("calm",)))
    rated(database, 5, fields=Fields(mood=("tense",)), parent_id=parent)
    rated(database, 1, fields=Fields(mood=("tense",), keep="the face"), parent_id=parent)
    rated(database, 2, fields=Fields(mood=("calm",)), parent_id=parent)
    first = rated(database, 2, prompt="the same", model="a")
    rated(database, 4, prompt="the same", model="b", parent_id=first)
    changes = works.report("en").changes

    assert {field: [(one.name, one.mean) for one in means] for field, means in changes.items()} == {
        "model": [("a → b", 2.0)],
        "mood": [("calm → tense", 2.0)],
    }


def test_a_keeper_takes_what_all_prompts_took_and_the_unknown_stays_unknown(database: Database, works: Works) -> None:
    assert works.report("en").keepers.tokens_each is None
    rated(database, 5, 100)
    rated(database, 4, 200)
    rated(database, 1, 300)
    rated(database, None, None)
    told = works.report("en").keepers

    assert (told.count, told.made, told.tokens_each, told.tokens_unknown) == (2, 4, 300.0, 1)


def test_the_demo_is_left_out_once_there_is_something_real(database: Database, works: Works) -> None:
    rated(database, 5, demo=True)
    assert (works.report("en").demo, works.report("en").rated) == (True, 1)
    rated(database, 2)
    report = works.report("en")

    assert (report.demo, report.rated, report.keepers.count) == (False, 1, 0)
