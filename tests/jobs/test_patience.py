"""How often an endpoint is asked: what it refuses holds what waits, is seen, and is never sent again by itself."""

from __future__ import annotations

import datetime as dt
import json
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from db import rates as rows
from db.database import Database
from db.rates import Rates
from db.states import State
from services.clock import utc_now
from services.endpoint.views import Limits
from services.generations.line import Why
from services.jobs import patience
from services.runtime import ForPerson, Runtime
from tests.fault_server import SCENARIOS, Call, FaultServer
from tests.waiting import wait_until

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
NOTHING = Rates(owner="local", endpoint_id="e")


def refused(rates: Rates, *, after: float, asked: float | None = None, others: int = 0, sent: int = 0) -> Rates:
    at = NOW + dt.timedelta(seconds=after)
    return patience.after_refusal(rates, at, wait_seconds=asked, others=others, sent=sent)


def seconds_held(rates: Rates, *, after: float) -> float | None:
    at = NOW + dt.timedelta(seconds=after)
    until = patience.held_until(rates, at)
    return None if until is None else (until - at).total_seconds()


def test_what_the_endpoint_asks_for_is_kept_to() -> None:
    one = refused(NOTHING, after=0, asked=70.0)
    assert [seconds_held(one, after=after) for after in (0, 69, 70, 71)] == [70.0, 1.0, None, None]


def test_without_a_word_the_wait_doubles_and_ends_somewhere() -> None:
    rates, after, waits = NOTHING, 0.0, []
    for _ in range(7):
        rates = refused(rates, after=after)
        waits.append(seconds_held(rates, after=after) or 0.0)
        after += waits[-1] + 1.0
    assert waits == [30.0, 60.0, 120.0, 240.0, 480.0, 480.0, 480.0]
    assert seconds_held(refused(rates, after=after + 3600), after=after + 3600) == 30.0  # another day


def test_many_refused_in_one_moment_are_one_refusal() -> None:
    rates = NOTHING
    for number in range(20):
        rates = refused(rates, after=number / 100)
    assert rates.refusals == 1
    assert (seconds_held(rates, after=0.19) or 0.0) == 30.0
    longer = refused(refused(NOTHING, after=0, asked=100.0), after=1, asked=5.0)
    assert seconds_held(longer, after=1) == 99.0


def test_the_clock_put_back_holds_nothing_for_ever() -> None:
    one = refused(NOTHING, after=3 * 86_400.0, asked=60.0)
    assert seconds_held(one, after=0) is None
    assert patience.learned(refused(NOTHING, after=100.0, others=3), NOW) == Limits()


@pytest.mark.parametrize(
    ("others", "sent", "taught"),
    [(4, 9, Limits(4, None)), (0, 9, Limits(None, 9)), (0, 0, Limits()), (0, -1, Limits())],
)
def test_a_refusal_teaches_what_was_too_much(others: int, sent: int, taught: Limits) -> None:
    assert patience.learned(refused(NOTHING, after=0, others=others, sent=sent), NOW) == taught


def test_what_was_learned_wears_off() -> None:
    one = refused(NOTHING, after=0, others=2)
    learned = [patience.learned(one, NOW + dt.timedelta(minutes=minutes)).at_once for minutes in (0, 9, 10, 35, 59, 60)]
    assert learned == [2, 2, 3, 5, 7, None]


def test_no_money_left_teaches_nothing_about_how_often() -> None:
    one = patience.after_refusal(NOTHING, NOW, wait_seconds=None, others=5, sent=9, teaches=False)
    assert patience.learned(one, NOW) == Limits()
    assert seconds_held(one, after=0) == 30.0


def test_the_narrower_of_what_was_set_and_what_was_learned_holds() -> None:
    one = refused(NOTHING, after=0, others=4)
    assert patience.allowed(Limits(2, 10), one, NOW) == Limits(2, 10)
    assert patience.allowed(Limits(8, None), one, NOW) == Limits(4, None)


@pytest.mark.parametrize("seed", range(30))
def test_no_minute_ever_holds_more_than_its_limit(seed: int) -> None:
    chance = random.Random(seed)
    limit, now, sent, known = chance.randint(1, 8), 1_000.0, [], NOTHING
    for _ in range(200):
        now += chance.choice([0.0, 0.5, 5.0, 40.0])
        free = patience.free(limit, known.recent, now)
        opens = patience.opens_at(limit, known.recent, now)
        known, count = patience.after_sending(known, limit, chance.randint(0, 5), now)
        sent += [now] * count
        assert count <= (free or 0)
        assert (free == 0) == (opens is not None)
        assert opens is None or now < opens <= now + 60
        assert sum(now - 60 < at <= now for at in sent) <= limit
        assert len(known.recent) <= limit


def test_of_many_processes_none_takes_more_than_the_minute_has(database: Database) -> None:
    taken: list[int] = []
    begin = threading.Barrier(8)

    def take(_: int) -> None:
        begin.wait()
        for _ in range(4):
            count = 0

            def send(known: Rates) -> Rates:
                nonlocal count
                after, count = patience.after_sending(known, 10, 1, 1_000.0)
                return after

            with database.transaction() as session:
                rows.change(session, "local", "e", send)
            taken.append(count)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(8)))
    assert (sum(taken), len(taken)) == (10, 32)


@pytest.fixture
def relay() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def at(run: Callable[..., Runtime], relay: FaultServer, per_minute: int | None = None) -> ForPerson:
    me = run(base_url=None).for_person("local")
    known = [one for one in me.endpoints.list() if one.name == "own"]
    saved = (
        known[0]
        if known
        else me.endpoints.save(None, name="own", base_url=relay.base_url, model="m", per_minute=per_minute)
    )
    me.endpoints.choose(saved.id)
    return me


def is_in(me: ForPerson, id: str, state: State) -> bool:
    return me.generations.get(id).state is state


def test_what_waits_holds_and_what_was_refused_waits_for_a_click(
    run: Callable[..., Runtime], relay: FaultServer
) -> None:
    relay.plays("up-http-429-retry-after")
    me = at(run, relay)
    first = me.generations.submit("refused", nonce="1").id
    wait_until(lambda: is_in(me, first, State.REJECTED) and me.line.holds())
    (hold,) = me.line.holds()
    assert hold.wait_seconds == 7.0
    assert hold.held_until is not None
    assert 0 < (hold.held_until - utc_now()).total_seconds() <= 7
    relay.plays("up-ok")
    second = me.generations.submit("waits", nonce="2").id
    place = me.line.places()[second]
    assert (place.number, place.why, place.until) == (1, Why.REFUSED, hold.held_until)
    assert relay.posts == 1
    me.line.forget(hold.endpoint_id)  # the person knows better
    wait_until(lambda: is_in(me, second, State.DONE))
    assert (relay.posts, me.generations.get(first).state) == (2, State.REJECTED)
    assert me.line.holds() == []


def test_a_hold_outlives_the_process(run: Callable[..., Runtime], relay: FaultServer) -> None:
    relay.plays(_asks_for_four_seconds)
    earlier = run(base_url=None)
    me = at(lambda **_: earlier, relay)
    first = me.generations.submit("refused", nonce="1").id
    wait_until(lambda: is_in(me, first, State.REJECTED) and me.line.holds())
    second = me.generations.submit("waits", nonce="2").id
    until = me.line.places()[second].until
    assert until is not None
    earlier.close()
    relay.plays("up-ok")
    again = at(run, relay)
    assert again.line.places()[second].until == until
    wait_until(lambda: is_in(again, second, State.DONE))
    sent_at = again.generations.get(second).sent_at
    assert sent_at is not None
    assert sent_at >= until


def test_a_minute_that_is_full_keeps_the_rest_waiting_and_says_until_when(
    run: Callable[..., Runtime], relay: FaultServer
) -> None:
    me = at(run, relay, per_minute=2)
    sent = [me.generations.submit(f"number {number}", nonce=f"{number}").id for number in range(4)]
    wait_until(lambda: all(is_in(me, id, State.DONE) for id in sent[:2]))
    places = me.line.places()
    assert list(places) == sent[2:]
    assert {place.why for place in places.values()} == {Why.MINUTE}
    until = places[sent[2]].until
    assert until is not None
    assert 0 < (until - utc_now()).total_seconds() <= 60
    assert relay.posts == 2


def test_a_relay_that_takes_two_at_once_is_asked_for_two(run: Callable[..., Runtime], relay: FaultServer) -> None:
    relay.plays(_TwoAtOnce(), delay=0.3)
    me = at(run, relay)
    sent = [me.generations.submit(f"number {number}", nonce=f"{number}").id for number in range(6)]
    wait_until(lambda: [me.generations.get(id).state for id in sent].count(State.DONE) == 2)
    (hold,) = me.line.holds()
    assert hold.learned.at_once == 2
    refusals = [id for id in sent if is_in(me, id, State.REJECTED)]
    posts: dict[str, int] = {}
    for request in [one for one in relay.requests if one.method == "POST"]:
        prompt = json.loads(request.body)["messages"][0]["content"]
        posts[prompt] = posts.get(prompt, 0) + 1
    assert set(posts.values()) == {1}
    assert refusals


def _asks_for_four_seconds(call: Call) -> None:
    call.reply("429 Too Many Requests", {"error": {"message": "slow down"}}, "Retry-After: 4")


class _TwoAtOnce:
    """A scenario that refuses every stream beyond the second that runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0

    def __call__(self, call: Call) -> None:
        with self._lock:
            full = self._running >= 2
            self._running += not full
        if full:
            SCENARIOS["up-http-429-retry-after"](call)
            return
        try:
            SCENARIOS["up-ok"](call)
        finally:
            with self._lock:
                self._running -= 1
