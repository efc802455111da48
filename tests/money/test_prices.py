"""Prices of a person: kept as typed, replaced and never changed, used from their day on, wrong ones refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from db import prices as rows
from db.certainty import certainty as told_by_database
from db.database import Database
from db.generations.lists import load
from db.library_tables import PastUsageRow
from db.records import Cost, Generation
from db.states import ENDED, Certainty, State
from db.tables import GenerationRow
from services.errors import NotFoundError, PriceError
from services.generations.rescue_marks import Charged, mark
from services.runtime import ForPerson, Runtime
from services.usage.certainty import certainty
from services.usage.prices import Draft
from tests.db.rows import add
from tests.jobs.relay import Relay
from tests.waiting import wait_until

A_CALL = Draft(model="sora-2*", basis="per_call", price="0.30", currency="usd", valid_from="2026-01-01")


def ended(me: ForPerson, generation: Generation) -> Generation:
    wait_until(lambda: me.generations.get(generation.id).state in ENDED)
    return me.generations.get(generation.id)


def test_a_price_is_kept_as_it_was_typed_and_for_its_owner_alone(run: Callable[..., Runtime]) -> None:
    runtime = run(executes=False)
    mine, theirs = runtime.for_person("local").prices, runtime.for_person("somebody").prices
    kept = mine.save(replace(A_CALL, price="0,30", note=" from their page "))
    assert (kept.price, kept.currency, kept.note) == (Decimal("0.30"), "USD", "from their page")
    assert mine.rules() == [kept]
    assert theirs.rules() == []
    with pytest.raises(NotFoundError):
        theirs.end(kept.id)


def test_a_replaced_price_and_an_ended_one_stay_in_the_history(run: Callable[..., Runtime]) -> None:
    prices = run(executes=False).for_person("local").prices
    first = prices.save(A_CALL)
    second = prices.save(replace(A_CALL, price="0.40"), instead_of=first.id)
    assert [one.price for one in prices.rules()] == [Decimal("0.40")]
    prices.end(second.id)
    assert prices.rules() == []
    assert [(one.id, one.replaced_by, one.ended_at is not None) for one in prices.history()] == [
        (first.id, second.id, True),
        (second.id, None, True),
    ]
    with pytest.raises(NotFoundError):
        prices.save(A_CALL, instead_of=first.id)
    assert prices.rules() == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"model": " "}, "price_model"),
        ({"price": ""}, "price_missing"),
        ({"price": "cheap"}, "price_amount"),
        ({"price": "-1"}, "price_amount"),
        ({"price": "nan"}, "price_amount"),
        ({"price": "1e-13"}, "price_amount"),
        ({"price": "10001"}, "price_large"),
        ({"basis": "per_token"}, "price_missing"),
        ({"basis": "monthly"}, "price_invalid"),
        ({"currency": "$"}, "price_currency"),
        ({"currency": ""}, "price_currency"),
        ({"valid_from": "yesterday"}, "price_date"),
        ({"endpoint_id": "nobody's"}, "price_endpoint"),
    ],
)
def test_what_is_no_price_is_refused_with_its_reason(
    run: Callable[..., Runtime], wrong: dict[str, str], code: str
) -> None:
    prices = run(executes=False).for_person("local").prices
    with pytest.raises(PriceError) as refused:
        prices.save(replace(A_CALL, **wrong))
    assert refused.value.code == code
    assert prices.history() == []


def test_what_is_sent_carries_its_estimate_and_keeps_its_cost_when_the_price_changes(me: ForPerson) -> None:
    rule = me.prices.save(A_CALL)
    first = me.generations.submit("a boat", nonce="1", model="sora-2")
    assert (first.estimate_kind, first.estimate_nano, first.estimate_currency) == ("at_most", 300_000_000, "USD")
    first = ended(me, first)
    assert (first.cost_nano, first.cost_currency) == (300_000_000, "USD")
    assert first.cost_rule is not None
    assert first.cost_rule["rule"]["id"] == rule.id
    me.prices.save(replace(A_CALL, price="9"), instead_of=rule.id)
    second = ended(me, me.generations.submit("a boat", nonce="2", model="sora-2"))
    assert second.cost_nano == 9_000_000_000
    assert me.generations.get(first.id).cost_nano == 300_000_000


def test_without_a_rule_cost_and_estimate_are_unknown(me: ForPerson) -> None:
    sent = ended(me, me.generations.submit("a boat", nonce="1"))
    assert (sent.estimate_nano, sent.cost_nano, sent.cost_rule, sent.priced_at) == (None, None, None, None)


def test_another_process_prices_by_the_new_rule_at_once(run: Callable[..., Runtime], relay: Relay) -> None:
    one = run().for_person("local")
    one.prices.save(A_CALL)
    ended(one, one.generations.submit("a boat", nonce="1", model="sora-2"))
    other = run(executes=False).for_person("local")
    other.prices.save(replace(A_CALL, model="sora-2", price="5"))
    assert ended(one, one.generations.submit("a boat", nonce="2", model="sora-2")).cost_nano == 5_000_000_000


def test_seconds_that_nobody_asked_for_are_priced_when_the_video_is_there(run: Callable[..., Runtime]) -> None:
    from services.usage.freezing import at_kept_video

    runtime = run()
    me = runtime.for_person("local")
    me.prices.save(replace(A_CALL, basis="per_second", price="0.1"))
    sent = ended(me, me.generations.submit("a boat", nonce="1", model="sora-2"))
    assert sent.cost_nano is None
    assert sent.cost_rule is not None
    assert sent.cost_rule["missing"] == "seconds"
    me.prices.save(replace(A_CALL, basis="per_second", price="100"))  # too late for this one
    with me.prices.database.transaction() as session:
        assert at_kept_video(session, sent.id, 4.5)
        assert not at_kept_video(session, sent.id, 9.0)
    priced = me.generations.get(sent.id)
    assert priced.cost_nano == 450_000_000
    assert priced.cost_rule is not None
    assert priced.cost_rule["seconds_of"] == "video"


def test_what_was_refused_costs_nothing_until_the_bill_says_so(me: ForPerson) -> None:
    me.prices.save(A_CALL)
    with me.prices.database.transaction() as session:
        made = add(session, model="sora-2", state=State.NOT_SENT)
    assert certainty(made) is Certainty.NONE
    assert mark(me.generations, [made.id], Charged.YES) == 1
    marked = me.generations.get(made.id)
    assert (marked.cost_nano, certainty(marked)) == (300_000_000, Certainty.SURE)


def test_a_cost_is_written_once(database: Database) -> None:
    from tests.money.some import AT

    with database.transaction() as session:
        made = add(session, state=State.DONE)
        cost = Cost(cost_nano=5, cost_currency="USD", cost_rule={}, priced_at=AT)
        assert rows.freeze(session, made.seq, cost)
        assert not rows.freeze(session, made.seq, replace(cost, cost_nano=6))
        assert not rows.freeze(session, made.seq, replace(cost, cost_nano=6), again=True, was=4)
        assert rows.freeze(session, made.seq, replace(cost, cost_nano=6), again=True, was=5)


def test_the_database_and_the_service_say_the_same_of_every_state(database: Database) -> None:
    from sqlalchemy import select

    with database.transaction() as session:
        for state in State:
            for sent_at in (None, dt.datetime(2026, 1, 2, tzinfo=dt.UTC)):
                for demo in (False, True):
                    for charged in (None, True, False):
                        made = add(session, state=state, demo=demo)
                        row = session.get(GenerationRow, made.seq)
                        assert row is not None
                        row.sent_at, row.charged = sent_at, charged
        session.flush()
        told = dict(session.execute(select(GenerationRow.id, told_by_database(GenerationRow))).all())
        kept = session.scalars(select(GenerationRow).execution_options(populate_existing=True))
        seen = {one.id: certainty(one) for one in load(session, kept)}
        assert told == seen
        assert set(told.values()) == set(Certainty)
        assert session.execute(select(told_by_database(PastUsageRow))).all() == []
