"""What is done next about a night shift."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from db.nights import Night, Part
from db.states import Outcome, State
from services.nights.rules import WAIT, Bill, Next, Reason, bill, failure, next_of

NOW = dt.datetime(2026, 1, 2, 3, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
NIGHT = Night(
    id="n",
    owner="local",
    batch_id="b",
    state="open",
    reason=None,
    step=0,
    prompts=9,
    most_sent=9,
    most_tokens=None,
    from_at=NOW - HOUR,
    until_at=NOW + HOUR,
    created_at=NOW,
)


def part(state: State, number: int = 0, **changes: Any) -> Part:
    never_sent = state in (State.HELD, State.QUEUED) or changes.pop("unsent", False)
    values: dict[str, Any] = {
        "id": f"g{number}",
        "seq": number,
        "state": state,
        "outcome": Outcome.VIDEO if state is State.DONE else None,
        "error_code": None,
        "total_tokens": None,
        "sent_at": None if never_sent else NOW,
        "charged": None,
        "demo": False,
    }
    return Part(**values | changes)


DONE = part(State.DONE, total_tokens=100)
AUTH = part(State.REJECTED, error_code="auth")
HELD = part(State.HELD, 7)


def test_the_first_that_is_held_goes() -> None:
    assert next_of(NIGHT, [DONE, HELD, part(State.HELD, 8)], NOW) == Next(send="g7")


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.STREAMING])
def test_nothing_goes_while_one_is_under_way(state: State) -> None:
    assert next_of(NIGHT, [DONE, part(state), HELD], NOW) == WAIT


def test_nothing_goes_before_the_hours_and_nothing_after_them() -> None:
    assert next_of(NIGHT, [HELD], NIGHT.from_at - HOUR) == WAIT
    assert next_of(NIGHT, [DONE, HELD], NIGHT.until_at) == Next(end=Reason.HOURS)
    assert next_of(NIGHT, [DONE, part(State.QUEUED)], NIGHT.until_at) == Next(end=Reason.HOURS)


def test_it_ends_when_all_are_sent_or_its_person_has_cancelled_the_rest() -> None:
    assert next_of(NIGHT, [DONE, DONE], NOW) == Next(end=Reason.DONE)
    assert next_of(NIGHT, [DONE, part(State.CANCELLED, unsent=True)], NOW) == Next(end=Reason.BY_HAND)


def test_it_stops_at_its_limit_of_prompts() -> None:
    assert next_of(replace(NIGHT, most_sent=2), [DONE, AUTH, HELD], NOW) == Next(end=Reason.SENT)


def test_it_stops_at_its_limit_of_tokens_and_when_an_answer_names_none() -> None:
    capped = replace(NIGHT, most_tokens=200)
    assert next_of(capped, [DONE, HELD], NOW) == Next(send="g7")
    assert next_of(capped, [DONE, DONE, HELD], NOW) == Next(end=Reason.TOKENS)
    assert next_of(capped, [DONE, part(State.DONE), HELD], NOW) == Next(end=Reason.TOKENS_UNKNOWN)
    assert next_of(capped, [DONE, AUTH, HELD], NOW) == Next(send="g7"), "what was refused owes no tokens"


@pytest.mark.parametrize(
    "ended",
    [
        AUTH,
        part(State.UNKNOWN, error_code="gateway"),
        part(State.DONE, outcome=Outcome.TEXT),
        part(State.DONE, unsaved="video_link_gone"),
    ],
)
def test_three_like_failures_in_a_row_stop_it(ended: Part) -> None:
    assert next_of(NIGHT, [DONE, ended, ended, HELD], NOW) == Next(send="g7")
    assert next_of(NIGHT, [DONE, ended, ended, ended, HELD], NOW) == Next(end=Reason.FAILURES)


def test_other_failures_a_success_between_or_a_cancel_of_ones_own_do_not_stop_it() -> None:
    other = part(State.REJECTED, error_code="rate_limited")
    cancelled = part(State.CANCELLED)
    assert next_of(NIGHT, [AUTH, AUTH, other, HELD], NOW).end is None
    assert next_of(NIGHT, [AUTH, AUTH, DONE, AUTH, HELD], NOW).end is None
    assert next_of(NIGHT, [cancelled, cancelled, cancelled, HELD], NOW).end is None
    assert next_of(NIGHT, [AUTH, AUTH, cancelled, AUTH, HELD], NOW).end is Reason.FAILURES
    assert failure(cancelled) is failure(DONE) is failure(HELD) is None


def test_the_bill_never_takes_unknown_for_nothing() -> None:
    streaming = part(State.STREAMING)
    assert bill([DONE, part(State.UNKNOWN), AUTH, streaming, HELD]) == Bill(sent=4, tokens=100, unknown=1)
