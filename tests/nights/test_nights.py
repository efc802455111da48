"""Night shifts on a real runtime: in order, once, within the hours, to the cap, through a restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from db import generations, nights
from db.database import Database
from db.states import ENDED, State
from services.errors import NightError, StateError
from services.generations.batch import Ready, nonces
from services.nights import Night
from services.nights.planning import Cap, Hours
from services.prompts.many import Item
from services.runtime import ForPerson, Runtime
from tests.db.rows import NOW, add
from tests.jobs.relay import Relay
from tests.waiting import wait_until

LATER = dt.timedelta(hours=2)


def hours(begins: dt.timedelta, lasts: dt.timedelta = dt.timedelta(hours=6)) -> Hours:
    """Hours that begin so long from now."""
    begin = dt.datetime.now(dt.UTC) + begins
    return Hours(begin.time().replace(microsecond=0), (begin + lasts).time().replace(microsecond=0), dt.UTC)


NIGHT_NOW = hours(-dt.timedelta(hours=1))


def batch(me: ForPerson, *prompts: str) -> Ready:
    ready = me.batches.check([Item(prompt) for prompt in prompts]).value
    assert ready is not None
    return ready


def over(me: ForPerson, night: Night, seconds: float = 60) -> Night:
    wait_until(lambda: me.nights.get(night.id).state == "ended", seconds=seconds)
    return me.nights.get(night.id)


def states(me: ForPerson, night: Night) -> list[State]:
    return [part.state for part in me.nights.standing(night).parts]


def test_prompts_go_in_order_one_after_the_other_and_once(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.gap_seconds = 0.005
    me = run().for_person("local")
    prompts = [f"kite {number}" for number in range(3)]
    ended = over(me, me.nights.plan(batch(me, *prompts), NIGHT_NOW, Cap(3)))

    assert ended.reason == "done"
    assert relay.order == prompts
    assert relay.most_at_once == 1
    assert set(relay.posts.values()) == {1}


def test_nothing_goes_before_its_hours_not_even_by_hand(run: Callable[..., Runtime], relay: Relay) -> None:
    me = run().for_person("local")
    night = me.nights.plan(batch(me, "tonight"), hours(LATER), Cap(1), collection="Nights")
    assert [(one.name, one.count) for one in me.marks.collections()] == [("Nights", 1)]
    now = me.generations.submit("at once", nonce="n")
    wait_until(lambda: me.generations.get(now.id).state in ENDED)

    held = me.nights.standing(night).parts[0]
    with pytest.raises(StateError):
        me.generations.send_now(held.id)
    assert states(me, night) == [State.HELD]
    assert list(relay.posts) == ["at once"]


def test_it_stops_at_its_limit_of_prompts_and_the_rest_is_never_sent(run: Callable[..., Runtime], relay: Relay) -> None:
    me = run().for_person("local")
    ended = over(me, me.nights.plan(batch(me, "one", "two", "three"), NIGHT_NOW, Cap(2)))

    assert ended.reason == "sent"
    assert relay.order == ["one", "two"]
    assert states(me, ended) == [State.DONE, State.DONE, State.CANCELLED]


def test_a_limit_of_tokens_stops_it_when_tokens_are_not_named(run: Callable[..., Runtime], relay: Relay) -> None:
    me = run().for_person("local")
    ended = over(me, me.nights.plan(batch(me, "one", "two"), NIGHT_NOW, Cap(2, tokens=1_000_000)))

    assert ended.reason == "tokens_unknown"
    assert relay.order == ["one"]


def test_three_like_failures_stop_it(run: Callable[..., Runtime]) -> None:
    me = run(base_url=None, demo_pace=0.02).for_person("local")
    prompts = [f"kite {number} [401]" for number in range(5)]
    ended = over(me, me.nights.plan(batch(me, *prompts), NIGHT_NOW, Cap(5)))

    assert ended.reason == "failures"
    assert states(me, ended) == [State.REJECTED] * 3 + [State.CANCELLED] * 2


def test_a_restart_in_the_middle_goes_on_and_sends_nothing_twice(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 40, 0.05
    first = run()
    prompts = [f"kite {number}" for number in range(4)]
    me = first.for_person("local")
    night = me.nights.plan(batch(me, *prompts), NIGHT_NOW, Cap(4))
    wait_until(lambda: State.STREAMING in states(me, night))
    first.close()
    relay.gap_seconds = 0.0
    me = run().for_person("local")
    ended = over(me, night)

    assert relay.order == prompts
    assert set(relay.posts.values()) == {1}
    assert ended.reason == "done"


def test_stopping_it_cancels_what_waits_and_lets_go_on_what_runs(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 20, 0.15
    me = run().for_person("local")
    night = me.nights.plan(batch(me, "one", "two", "three"), NIGHT_NOW, Cap(3))
    wait_until(lambda: State.STREAMING in states(me, night))
    assert me.nights.stop(night.id) == 2
    wait_until(lambda: states(me, night) == [State.DONE, State.CANCELLED, State.CANCELLED])

    assert relay.order == ["one"]
    with pytest.raises(StateError):
        me.nights.stop(night.id)


def test_the_same_batch_planned_twice_is_one_shift_and_what_was_sent_is_none(
    run: Callable[..., Runtime], relay: Relay
) -> None:
    me = run().for_person("local")
    ready = batch(me, "twice")
    assert me.nights.plan(ready, hours(LATER), Cap(1)) == me.nights.plan(ready, hours(LATER), Cap(1))

    sent = batch(me, "sent")
    me.batches.send(sent)
    with pytest.raises(StateError):
        me.nights.plan(sent, hours(LATER), Cap(1))


def test_hours_and_caps_of_nothing_are_refused(run: Callable[..., Runtime], relay: Relay) -> None:
    me = run().for_person("local")
    noon = dt.time(12)
    for wanted, cap, code in [
        (Hours(noon, noon, dt.UTC), Cap(1), "night_hours"),
        (hours(LATER), Cap(0), "night_cap"),
        (hours(LATER), Cap(1, tokens=0), "night_cap"),
    ]:
        with pytest.raises(NightError) as refused:
            me.nights.plan(batch(me, "never"), wanted, cap)
        assert refused.value.code == code
    assert me.generations.unfinished() == []


def test_two_shifts_of_one_person_take_turns(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.gap_seconds = 0.005
    me = run().for_person("local")
    first = me.nights.plan(batch(me, "one", "two"), NIGHT_NOW, Cap(2))
    second = me.nights.plan(batch(me, "three", "four"), NIGHT_NOW, Cap(2))
    over(me, first)
    over(me, second)

    assert relay.order == ["one", "two", "three", "four"]
    assert relay.most_at_once == 1


def night_row(**changes: Any) -> Night:
    values: dict[str, Any] = {
        "id": "n1",
        "owner": "local",
        "batch_id": "b1",
        "state": "open",
        "reason": None,
        "step": 0,
        "prompts": 1,
        "most_sent": 1,
        "most_tokens": None,
        "created_at": NOW,
        "from_at": NOW,
        "until_at": NOW + LATER,
    }
    return Night(**values | changes)


def test_a_decision_counts_once(database: Database) -> None:
    with database.transaction() as session:
        nights.insert(session, night_row())
    with database.reading() as session:
        (seen,) = nights.all_open(session)
    with database.transaction() as session:
        assert nights.decide(session, seen)
        assert not nights.decide(session, seen), "a second process read the same step"
        assert nights.end(session, "local", "n1", "stopped", NOW)
        assert not nights.end(session, "local", "n1", "done", NOW)
        assert not nights.end(session, "other", "n1", "done", NOW)


def test_what_stood_in_line_when_its_hours_ended_is_claimed_by_nobody(database: Database) -> None:
    until = NOW + LATER
    with database.transaction() as session:
        for number, nonce in enumerate(nonces("b1", 3)):
            add(session, f"kite {number}", id=f"g{number}", nonce=nonce, state=State.HELD, send_before=until)
        assert not nights.release(session, "g0", until), "too late"
        assert nights.release(session, "g0", NOW)
        assert nights.release(session, "g1", NOW)
        assert not generations.release(session, "g2", "local"), "not by hand"
        assert generations.claim(session, "g0", "w", until) is None
        assert generations.begin(session, ["g0", "g1"], "w", until) == []
        assert generations.claim(session, "g0", "w", until - dt.timedelta(seconds=1)) is not None
        assert [one.id for one in generations.begin(session, ["g1"], "w", NOW)] == ["g1"]
        assert [one.id for one in nights.parts(session, "local", nonces("b1", 3))] == ["g0", "g1", "g2"]
