"""The enhancer: asked once, streamed, kept apart; a failure leaves the person where they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from services.clock import utc_now
from services.errors import NotFoundError, PromptError
from services.generations.enhancer import Rewrite, Wish
from services.prompts.rewriting import INSTRUCTIONS, LENGTHS, Length, request
from services.prompts.vocabulary import language_of
from services.runtime import ForPerson, Runtime
from services.usage.prices import Draft
from services.usage.reading import Reach
from tests.jobs.relay import Relay
from tests.waiting import wait_until

LATELY = (utc_now() - dt.timedelta(days=1), utc_now() + dt.timedelta(days=1))


def wish(me: ForPerson, length: Length = "medium") -> Wish:
    return Wish(me.endpoints.chosen().id, "some-chat-model", length)


def written(me: ForPerson, rewrite_id: str) -> Rewrite:
    wait_until(lambda: me.enhancer.look(rewrite_id).state != "sending")
    return me.enhancer.look(rewrite_id)


def test_a_prompt_is_written_anew_once_and_both_are_kept(me: ForPerson, relay: Relay) -> None:
    id = me.enhancer.ask("A boat", wish(me), nonce="n")
    assert me.enhancer.ask("A boat", wish(me), nonce="n") == id

    ended = written(me, id)
    assert (ended.state, ended.before, ended.after) == ("done", "A boat", relay.text.strip())
    assert sum(relay.posts.values()) == 1
    assert me.generations.newest() == [], "a rewrite is no generation"


def test_it_can_be_read_while_it_comes_and_be_stopped(me: ForPerson, relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 1_000, 0.02
    id = me.enhancer.ask("A boat", wish(me), nonce="n")
    wait_until(lambda: "piece 3" in me.enhancer.look(id).after)
    me.enhancer.stop(id)

    ended = written(me, id)
    assert ended.state == "cancelled"
    assert ended.after.startswith("piece 0")


def test_an_endpoint_that_is_not_there_costs_nothing_and_says_so(run: Callable[..., Runtime]) -> None:
    me = run(base_url="http://127.0.0.1:9").for_person("local")
    ended = written(me, me.enhancer.ask("A boat", wish(me), nonce="n"))

    assert (ended.state, ended.after) == ("not_sent", "")
    assert me.enhancer.used(*LATELY).asked == 0


def test_its_tokens_are_counted_apart_and_unknown_is_not_zero(me: ForPerson) -> None:
    written(me, me.enhancer.ask("A boat", wish(me), nonce="n"))

    used = me.enhancer.used(*LATELY)
    assert (used.asked, used.unknown, used.total_tokens, used.nano, used.unpriced) == (1, 1, None, {}, 1)
    assert me.usage.sums(me.usage.span(Reach.WEEK, utc_now())) == []


def test_what_a_stopped_server_left_behind_is_told_as_broken_off(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 1_000, 0.02
    one, other = run(), run(executes=False)
    id = one.for_person("local").enhancer.ask("A boat", wish(one.for_person("local")), nonce="n")

    seen = other.for_person("local").enhancer.look(id)
    assert (seen.state, seen.error_code) == ("incomplete", "worker_lost")
    wait_until(lambda: relay.posts)
    one.close()
    assert other.for_person("local").enhancer.look(id).error_code == "shutdown"


def test_it_is_ones_own_and_a_blank_prompt_is_refused(me: ForPerson, run: Callable[..., Runtime]) -> None:
    with pytest.raises(PromptError):
        me.enhancer.ask("  ", wish(me), nonce="n")
    id = me.enhancer.ask("A boat", wish(me), nonce="n")
    with pytest.raises(NotFoundError):
        run(executes=False).for_person("someone").enhancer.look(id)
    written(me, id)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_length_is_said_in_the_language_of_the_prompt(length: Length, language: str) -> None:
    spoken = language_of(language)
    body = request("A boat", "m", length, "", spoken, {"messages": "mine", "temperature": 0})

    told = body["messages"][0]["content"]
    assert told.startswith(INSTRUCTIONS[spoken])
    assert len({request("A", "m", each, "", spoken, {})["messages"][0]["content"] for each in LENGTHS}) == 3
    assert body["messages"][1] == {"role": "user", "content": "A boat"}
    assert body["temperature"] == 0


def test_what_it_costs_is_kept_with_it_and_unknown_without_a_price(me: ForPerson) -> None:
    first = written(me, me.enhancer.ask("A boat", wish(me), nonce="1"))
    me.prices.save(Draft(model="some-chat-*", basis="per_call", price="0.02", currency="USD"))
    second = written(me, me.enhancer.ask("A boat", wish(me), nonce="2"))

    assert (first.cost_nano, second.cost_nano, second.cost_currency) == (None, 20_000_000, "USD")
