"""An endpoint's own limits, as Settings keeps them: silence, time, how many at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from db.states import ENDED, State
from services.errors import EndpointSettingsError
from services.generations import Generation
from services.runtime import ForPerson, Runtime
from tests.jobs.relay import Relay
from tests.waiting import wait_until


def with_own(run: Callable[..., Runtime], relay: Relay, **limits: Any) -> ForPerson:
    """Return a person whose endpoint has limits of its own; the installation's are far away."""
    me = run(base_url=None).for_person("local")
    endpoint = me.endpoints.save(None, name="own", base_url=relay.base_url, token="token", model="m", **limits)
    me.endpoints.choose(endpoint.id)
    return me


def ended(me: ForPerson, id: str) -> Generation:
    wait_until(lambda: me.generations.get(id).state in ENDED)
    return me.generations.get(id)


def test_silence_beyond_the_endpoints_own_limit_ends_an_answer(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 2, 30.0
    me = with_own(run, relay, idle_seconds=2.0)
    answer = ended(me, me.generations.submit("silent", nonce="n").id)
    assert (answer.state, answer.error_code, answer.content) == (State.INCOMPLETE, "idle", "piece 0 ")


def test_an_answer_longer_than_the_endpoints_own_limit_is_ended(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 1000, 0.05
    me = with_own(run, relay, total_seconds=2.5)
    began = time.monotonic()
    answer = ended(me, me.generations.submit("long", nonce="n").id)
    assert time.monotonic() - began < 30, "the answer would have lasted fifty"
    assert (answer.state, answer.error_code) == (State.INCOMPLETE, "total")
    assert relay.text.startswith(answer.content)


def test_no_more_at_once_than_the_endpoint_itself_allows(run: Callable[..., Runtime], relay: Relay) -> None:
    relay.deltas, relay.gap_seconds = 5, 0.1
    me = with_own(run, relay, concurrency=2)
    sent = [me.generations.submit(f"number {number}", nonce=f"{number}").id for number in range(6)]
    assert {ended(me, id).state for id in sent} == {State.DONE}
    assert relay.most_at_once == 2


@pytest.mark.parametrize("limit", ["idle_seconds", "total_seconds", "concurrency"])
def test_a_limit_of_nothing_is_refused(run: Callable[..., Runtime], relay: Relay, limit: str) -> None:
    with pytest.raises(EndpointSettingsError) as refused:
        with_own(run, relay, **{limit: 0})
    assert refused.value.code == "limit_invalid"
