"""A batch: checked whole, sent once, stopped as one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.states import ENDED, State
from services.errors import DiskFullError
from services.prompts.fields import Controls
from services.prompts.many import MAX_SENDS, Item
from services.runtime import ForPerson, Runtime
from tests.jobs.relay import Relay
from tests.waiting import wait_until


def items(*texts: str, **controls: object) -> tuple[Item, ...]:
    return tuple(Item(text, Controls(**controls)) for text in texts)  # type: ignore[arg-type]


def test_every_row_is_sent_once_however_often_it_is_asked(me: ForPerson, relay: Relay) -> None:
    texts = [f"kite {number}" for number in range(20)]
    batch = me.batches.check(items(*texts), name="kites").value
    assert batch is not None
    assert me.batches.sent_at(batch) is None

    assert me.batches.send(batch) == 20
    assert me.batches.send(batch) == 0
    again = me.batches.check(items(*texts)).value
    assert again is not None
    assert me.batches.send(again) == 0, "after a crash the same rows are known by what is in them"

    wait_until(lambda: all(one.state in ENDED for one in me.generations.newest(limit=50)))
    assert relay.posts == dict.fromkeys(texts, 1)
    assert me.batches.sent_at(again) is not None


def test_the_same_on_purpose_is_another_batch(me: ForPerson) -> None:
    first = me.batches.check(items("a boat")).value
    second = me.batches.check(items("a boat"), again="yes").value
    assert first is not None
    assert second is not None

    assert (me.batches.send(first), me.batches.send(second)) == (1, 1)


def test_takes_of_one_prompt_are_all_sent(me: ForPerson, relay: Relay) -> None:
    batch = me.batches.check(items("one boat", takes=3)).value
    assert batch is not None
    assert me.batches.send(batch) == 3

    wait_until(lambda: relay.posts.get("one boat") == 3)


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_sent(me: ForPerson) -> None:
    wrong = (
        *items("a boat"),
        *items("  "),
        *items("x" * 100_001),
        *items("a portrait", model="sora2-landscape-10s", seconds=7.0),
    )
    read = me.batches.check(wrong)

    assert read.value is None
    assert [(one.row, one.column, one.code) for one in read.problems] == [
        (2, "prompt", "prompt_blank"),
        (3, "prompt", "prompt_too_long"),
        (4, "seconds", "not_offered"),
    ]
    assert me.generations.newest() == []


def test_too_many_are_refused_as_a_whole(me: ForPerson) -> None:
    read = me.batches.check(items("a boat", takes=MAX_SENDS + 1))

    assert [one.code for one in read.problems] == ["many_too_many"]


def test_each_row_is_asked_the_way_its_model_reads(me: ForPerson) -> None:
    batch = me.batches.check(items("a boat", model="sora2-landscape-10s", seconds=15.0, orientation="portrait")).value
    assert batch is not None
    me.batches.send(batch)

    sent = me.generations.newest(limit=1)[0]
    assert sent.model == "sora2-portrait-15s"
    assert sent.request is not None
    assert sent.request["model"] == "sora2-portrait-15s"
    assert sent.fields is not None
    assert sent.fields["batch"] == {"id": batch.id, "name": "", "row": 1, "of": 1}


def test_a_wish_nobody_knows_how_to_ask_for_is_a_note_and_no_stop(me: ForPerson) -> None:
    batch = me.batches.check(items("a boat", model="my-own-model", seconds=15.0)).value

    assert batch is not None
    assert [shown.how for shown in batch.rows[0].asked] == ["cannot"]


def test_the_rest_is_cancelled_and_what_runs_goes_on(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 20, 0.15
    me = run(person_concurrency=2).for_person("local")
    batch = me.batches.check(items(*[f"kite {number}" for number in range(10)])).value
    other = me.batches.check(items("another boat")).value
    assert batch is not None
    assert other is not None
    me.batches.send(batch)
    me.batches.send(other)
    wait_until(lambda: relay.at_once == 2)

    assert me.batches.cancel_rest(batch.id) == 8
    wait_until(lambda: all(one.state in ENDED for one in me.generations.newest(limit=50)))
    assert sum(relay.posts.values()) == 3
    assert relay.posts["another boat"] == 1


def test_a_batch_that_cannot_be_kept_is_not_sent_at_all(run: Callable[..., Runtime], relay: Relay) -> None:
    me = run(free_floor_bytes=2**62).for_person("local")
    batch = me.batches.check(items("one", "two")).value
    assert batch is not None

    with pytest.raises(DiskFullError):
        me.batches.send(batch)
    assert me.generations.newest() == []
    assert relay.posts == {}


def test_a_batch_for_a_real_endpoint_is_held_so_that_it_can_be_taken_back(run: Callable[..., Runtime]) -> None:
    me = run(undo_seconds=60.0).for_person("local")
    batch = me.batches.check(items("one", "two")).value
    assert batch is not None
    me.batches.send(batch)

    assert {one.state for one in me.generations.unfinished()} == {State.HELD}
    assert me.batches.cancel_rest(batch.id) == 2


def test_the_time_is_unknown_until_there_are_enough_of_ones_own(me: ForPerson) -> None:
    batch = me.batches.check(items("one", "two")).value
    assert batch is not None
    assert me.batches.expected(batch).seconds is None
    assert me.batches.expected(batch).free is False

    made = me.batches.check(items(*[f"kite {number}" for number in range(5)])).value
    assert made is not None
    me.batches.send(made)
    wait_until(lambda: all(one.state in ENDED for one in me.generations.newest(limit=50)))
    assert me.batches.expected(batch).seconds is not None
