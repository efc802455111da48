"""What is told before sending: takes, batches, rewrites, the demo; unknown counted apart, currencies never added."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generations.batch import batch_of
from services.prompts.fields import Controls
from services.prompts.many import Item
from services.prompts.presets import built_in
from services.prompts.seconds import asked_seconds
from services.prompts.sending import Composed
from services.runtime import ForPerson, Runtime
from services.usage.arithmetic import Estimate
from services.usage.estimates import together
from services.usage.money import Money
from services.usage.price_file import bring_in, to_csv
from services.usage.prices import Draft
from tests.jobs.relay import Relay

A_SECOND = Draft(model="sora2-*", basis="per_second", price="0.10", currency="USD", valid_from="2026-01-01")
A_CALL = Draft(model="sora-2*", basis="per_call", price="0.3", currency="CNY", valid_from="2026-01-01")
ESTIMATES = st.lists(
    st.one_of(
        st.none(),
        st.builds(
            Estimate,
            st.sampled_from(["at_most", "about"]),
            st.builds(Money, st.decimals(0, 10_000, places=9), st.sampled_from(["USD", "CNY"])),
        ),
    ),
    max_size=20,
)


@pytest.fixture
def me(run: Callable[..., Runtime]) -> ForPerson:
    return run(executes=False).for_person("local")


@given(ESTIMATES)
def test_several_are_added_up_by_currency_and_the_unknown_ones_counted(estimates: list[Estimate | None]) -> None:
    found = together(estimates)
    known = [one for one in estimates if one is not None]
    assert (found.count, found.unknown) == (len(estimates), len(estimates) - len(known))
    for currency in ("USD", "CNY"):
        amounts = [one.money.amount for one in known if one.money.currency == currency]
        assert found.amounts.get(currency) == (sum(amounts, Decimal(0)) if amounts else None)
    assert (found.kind == "about") == any(one.kind == "about" for one in known)


def test_a_batch_with_takes_is_the_sum_of_its_rows_and_each_row_keeps_its_part(me: ForPerson) -> None:
    me.prices.save_all([A_SECOND, A_CALL])
    items = [
        Item("a boat", Controls(model="sora2-landscape-10s", takes=3)),
        Item("a kite", Controls(model="sora-2", takes=2)),
        Item("a bird", Controls(model="veo3")),
    ]
    batch = me.batches.check(items).value
    assert batch is not None
    told = me.prices.expect_batch(batch)
    assert (told.count, told.unknown, told.kind) == (6, 1, "about")
    assert told.amounts == {"USD": Decimal("3.00"), "CNY": Decimal("0.6")}
    assert me.batches.send(batch) == 6
    kept = [one for one in me.generations.unfinished() if batch_of(one)]
    assert sorted(str(one.estimate_nano) for one in kept) == ["1000000000"] * 3 + ["300000000"] * 2 + ["None"]
    assert {one.asked_seconds for one in kept} == {10.0, None}


def test_wishes_that_are_sent_count_and_others_do_not(me: ForPerson) -> None:
    me.prices.save(A_SECOND)
    endpoint = me.endpoints.chosen()
    as_named = me.prices.expect_prompt(endpoint, "a boat", Composed(Controls(model="", seconds=15)))
    assert as_named.unknown == 1  # the endpoint's own model is none of that price
    assert asked_seconds("sora2-landscape-10s", Controls(seconds=15), {}, built_in()) == 15.0
    assert asked_seconds("nobody-knows", Controls(seconds=15), {"seconds": "8"}, built_in()) == 8.0


def test_the_demo_is_free_and_in_no_sum(me: ForPerson, relay: Relay) -> None:
    me.prices.save(Draft(model="*", basis="per_call", price="5", currency="USD"))
    demo = me.endpoints.get("demo")
    told = me.prices.expect_prompt(demo, "a boat", None)
    assert (told.free, told.amounts, told.unknown) == (True, {}, 0)
    sent = me.generations.submit("a boat", nonce="1", endpoint_id="demo")
    assert sent.estimate_nano is None
    assert relay.posts == {}


def test_prices_go_out_as_a_file_and_come_in_once(me: ForPerson, run: Callable[..., Runtime]) -> None:
    me.prices.save_all([A_SECOND, A_CALL, Draft(model="@cf/film", basis="unknown", note="=nobody knows")])
    sheet = to_csv(me.prices)
    assert bring_in(me.prices, sheet).new == 0
    before = [(one.model, one.basis, one.price, one.currency, one.note) for one in me.prices.rules()]
    for rule in me.prices.rules():
        me.prices.end(rule.id)
    came = bring_in(me.prices, sheet)
    assert (came.new, came.known, came.wrong) == (3, 0, ())
    assert [(one.model, one.basis, one.price, one.currency, one.note) for one in me.prices.rules()] == before


def test_a_file_with_a_bad_row_changes_nothing_and_tells_which(me: ForPerson) -> None:
    sheet = "model,charged_by,price,currency\nsora-2,per_call,0.3,USD\nsora-2,per_call,much,USD\n,per_call,1,USD\n"
    wrong = bring_in(me.prices, sheet.encode()).wrong
    assert [(one.row, one.code) for one in wrong] == [(3, "price_amount"), (4, "price_model")]
    assert bring_in(me.prices, b"\x00\x01").wrong[0].code == "price_file"
    assert me.prices.rules() == []
