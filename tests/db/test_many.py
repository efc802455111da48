"""Many prompts in one insert, and the rest of a batch cancelled in one update, on both stores."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from db import durations, generations, search
from db.database import Database
from db.records import Ending
from db.states import State
from tests.db.rows import NOW, add


def row(number: int, batch: str = "b1", **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "owner": "local",
        "nonce": f"{batch}-{number}",
        "prompt": f"kite number {number}",
        "model": "sora-2",
        "endpoint_id": "e1",
        "endpoint_name": "One",
        "base_url": "https://api.example",
        "demo": False,
        "request": {"model": "sora-2"},
        "fields": None,
        "state": State.QUEUED,
        "release_at": None,
        "created_at": NOW,
    }
    return values | changes


@pytest.mark.parametrize("count", [1, 450])
def test_all_are_kept_in_order_and_found(database: Database, count: int) -> None:
    with database.transaction() as session:
        assert generations.insert_many(session, [row(number) for number in range(count)]) == count

    with database.reading() as session:
        waiting = generations.unfinished(session, "local")
        assert [one.prompt for one in waiting] == [f"kite number {number}" for number in range(count)]
        assert (waiting[0].links, waiting[0].content, waiting[0].cancel_requested) == ((), "", False)
        assert len(search.search(session, "local", "kite", limit=1000)) == count


def test_the_same_again_adds_nothing(database: Database) -> None:
    given = [row(number) for number in range(5)]
    with database.transaction() as session:
        generations.insert_many(session, given)
    with database.transaction() as session:
        again = [{**one, "id": uuid.uuid4().hex} for one in given]
        assert generations.insert_many(session, again) == 0

    with database.reading() as session:
        assert {one.id for one in generations.unfinished(session, "local")} == {one["id"] for one in given}
        assert len(search.search(session, "local", "kite", limit=1000)) == 5
        assert generations.created_at(session, "local", "b1-0") == NOW
        assert generations.created_at(session, "someone", "b1-0") is None


def test_the_rest_of_a_batch_is_cancelled_and_nothing_else(database: Database) -> None:
    with database.transaction() as session:
        generations.insert_many(session, [row(number) for number in range(5)])
        generations.insert_many(session, [row(number, "b2") for number in range(2)])
        generations.insert_many(session, [row(9, owner="someone")])
        single = add(session)
        first = generations.unfinished(session, "local")[0]
        assert generations.claim(session, first.id, "w", NOW) is not None

    with database.transaction() as session:
        assert generations.cancel_waiting_of(session, "local", "b1-", NOW) == 4
        assert generations.cancel_waiting_of(session, "local", "b1-", NOW) == 0

    with database.reading() as session:
        left = generations.unfinished(session, "local")
        assert [one.state for one in left if one.id == first.id] == [State.SENDING]
        assert single.id in {one.id for one in left}
        assert len(left) == 4
        assert len(generations.unfinished(session, "someone")) == 1


def test_durations_are_of_what_is_done_newest_first(database: Database) -> None:
    with database.transaction() as session:
        made = [add(session, model=model) for model in ("sora-2", "sora-2", "veo")]
    for one, state, seconds in zip(made, (State.DONE, State.FAILED, State.DONE), (60.0, 1.0, 30.0), strict=True):
        with database.transaction() as session:
            generations.claim(session, one.id, "w", NOW)
            ending = Ending(state=state, content="ok", duration_seconds=seconds)
            assert generations.end(session, one.id, "w", ending, NOW)

    with database.reading() as session:
        took = durations.recent(session, "local")
        assert [(one.endpoint_id, one.model, one.seconds) for one in took] == [
            ("e1", "veo", 30.0),
            ("e1", "sora-2", 60.0),
        ]
        assert durations.recent(session, "local", most=1) == took[:1]
        assert durations.recent(session, "someone") == []


def test_a_batch_does_not_hide_what_waits_for_another_endpoint_or_person(database: Database) -> None:
    with database.transaction() as session:
        generations.insert_many(session, [row(number) for number in range(300)])
        elsewhere = add(session, endpoint_id="e2").id
        someone = add(session, owner="someone").id

    with database.reading() as session:
        waiting = generations.waiting(session, limit=200)
        assert [one.id for one in waiting[-2:]] == [elsewhere, someone]
        assert len(waiting) == 202
        assert generations.standing(session, "local") == [
            (one.id, str(one.state)) for one in generations.unfinished(session, "local")
        ]
