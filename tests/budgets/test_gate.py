"""Budgets before every way of sending, on both stores: what is counted, what is stopped, what goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import count, product
from typing import Any

import pytest
from sqlalchemy import update

from db import trash
from db.states import State
from db.tables import GenerationRow
from services.budgets.kept import Budgets, Draft, Standing
from services.clock import utc_now
from services.errors import BudgetError, BudgetSettingsError, NotFoundError
from services.nights.planning import Cap, Hours
from services.prompts.many import Item
from services.runtime import ForPerson, Runtime
from tests.db.rows import add

NOW = utc_now()
_NUMBER = count()


@pytest.fixture
def me(run: Callable[..., Runtime]) -> ForPerson:
    """Somebody whose prompts wait: nothing is sent."""
    return run(executes=False).for_person("local")


@pytest.fixture
def both(run: Callable[..., Runtime], database_url: str) -> ForPerson:
    """The same, on SQLite and on Postgres."""
    return run(executes=False, database_url=database_url).for_person("local")


def kept(me: ForPerson, **values: Any) -> str:
    """Keep a generation that has ended, as it might have; return its id."""
    given = {"state": State.DONE, "sent_at": NOW, "created_at": NOW, "endpoint_id": "environment"} | values
    with me.generations.database.transaction() as session:
        made = add(session, nonce=f"kept-{next(_NUMBER)}")
        session.execute(update(GenerationRow).where(GenerationRow.id == made.id).values(given))
    return made.id


def budget(me: ForPerson, amount: str, measure: str = "generations", **more: str) -> str:
    return me.budgets.set(
        Draft(**{"measure": measure, "amount": amount, "period": "day", "zone": "UTC"} | more), by="local"
    ).id


def send(me: ForPerson, **more: Any) -> str:
    number = next(_NUMBER)
    return me.generations.submit(f"a kite {number}", nonce=f"sent-{number}", **more).id


def first(me: ForPerson) -> Standing:
    return me.budgets.standings()[0]


def test_without_a_budget_everything_is_sent(me: ForPerson) -> None:
    assert [bool(send(me)) for _ in range(3)] == [True] * 3
    assert me.budgets.standings() == me.budgets.tight("environment") == []


def test_what_waits_counts_and_the_next_is_stopped_with_nothing_kept(me: ForPerson) -> None:
    budget(me, "2")
    send(me)
    send(me)

    with pytest.raises(BudgetError) as stopped:
        send(me)

    assert stopped.value.code == "budget_reached"
    assert (stopped.value.standing.used, stopped.value.standing.pending, stopped.value.standing.limit) == (0, 2, 2)
    assert "0 of 2 generations used, 2 on the way or waiting" in str(stopped.value)
    assert len(me.generations.unfinished()) == 2


def test_the_same_click_again_is_answered_with_what_it_made(me: ForPerson) -> None:
    budget(me, "1")
    made = me.generations.submit("a boat", nonce="once")

    assert me.generations.submit("a boat", nonce="once").id == made.id


def test_what_is_taken_back_is_free_again(me: ForPerson) -> None:
    budget(me, "1")
    me.generations.cancel(send(me))

    assert send(me)


def test_only_what_was_surely_or_perhaps_paid_counts(both: ForPerson) -> None:
    me = both
    budget(me, "100")
    budget(me, "100000", "tokens")
    kept(me, total_tokens=300)
    kept(me, state=State.UNKNOWN, total_tokens=None)
    kept(me, state=State.FAILED, charged=False)
    kept(me, state=State.REJECTED)
    kept(me, state=State.NOT_SENT)
    kept(me, state=State.CANCELLED, sent_at=None)
    kept(me, demo=True, total_tokens=5)
    kept(me, imported_at=NOW)
    kept(me, created_at=NOW - dt.timedelta(days=2))
    kept(me, owner="ann")

    generations, tokens = me.budgets.standings()

    assert (generations.used, generations.pending, generations.unknown) == (2, 0, 0)
    assert (tokens.used, tokens.unknown) == (300, 1)


def test_what_was_deleted_for_ever_still_counts(both: ForPerson) -> None:
    me = both
    budget(me, "5")
    gone = kept(me)
    with me.generations.database.transaction() as session:
        trash.put(session, "local", [gone], NOW)
        trash.delete_for_ever(session, "local", NOW, limit=5)

    assert first(me).used == 1


def test_money_is_counted_by_its_currency_and_the_unknown_apart(both: ForPerson) -> None:
    me = both
    budget(me, "1.50", "money", currency="usd")
    kept(me, cost_nano=700_000_000, cost_currency="USD")
    kept(me, cost_nano=900_000_000, cost_currency="CNY")
    kept(me, state=State.FAILED, cost_nano=300_000_000, cost_currency="USD")
    kept(me)

    now = first(me)
    assert (now.used, now.limit, now.unknown, now.level) == (1_000_000_000, 1_500_000_000, 1, "ok")


def test_a_batch_is_checked_whole_and_the_same_batch_again_is_no_error(both: ForPerson) -> None:
    me = both
    budget(me, "3")
    items = [Item(f"kite {number}") for number in range(4)]
    four, three = me.batches.check(items).value, me.batches.check(items[:3]).value
    assert four is not None
    assert three is not None

    with pytest.raises(BudgetError) as stopped:
        me.batches.send(four)
    assert (stopped.value.count, me.generations.unfinished()) == (4, [])
    assert [me.batches.send(three) for _ in range(2)] == [3, 0]


def test_a_night_is_checked_when_it_is_planned_and_what_was_planned_goes_on(me: ForPerson) -> None:
    held = budget(me, "2")
    hours = Hours(dt.time(1), dt.time(5), dt.UTC)
    ready = me.batches.check([Item("one"), Item("two")]).value
    other = me.batches.check([Item("three")]).value
    assert ready is not None
    assert other is not None
    night = me.nights.plan(ready, hours, Cap(2))

    with pytest.raises(BudgetError):
        me.nights.plan(other, hours, Cap(1))
    me.budgets.end(held, by="local")
    budget(me, "1")
    assert me.nights.plan(ready, hours, Cap(2)).id == night.id
    assert me.nights.standing(night).waiting == 2


def test_send_again_is_stopped_too(me: ForPerson) -> None:
    budget(me, "1")
    done = kept(me)

    with pytest.raises(BudgetError):
        me.generations.send_again(done, nonce="again", confirmed=True)


def test_a_budget_of_an_endpoint_leaves_the_others_alone(me: ForPerson) -> None:
    budget(me, "1", endpoint_id="elsewhere", scope_name="Elsewhere")
    kept(me, endpoint_id="elsewhere")

    assert first(me).level == "reached"
    assert send(me)
    assert me.budgets.tight("environment") == []
    assert [one.level for one in me.budgets.tight("elsewhere")] == ["reached"]


def test_a_budget_of_a_collection_counts_what_goes_into_it(both: ForPerson) -> None:
    me = both
    into = me.marks.make_collection("Kites")
    budget(me, "1", collection_id=into, scope_name="Kites")
    send(me, collection="Kites")

    with pytest.raises(BudgetError):
        send(me, collection=" kites ")
    assert send(me)
    assert send(me, collection="Boats")
    assert first(me).pending == 1


def test_an_override_lets_so_many_more_pass_and_is_kept_with_its_reason(me: ForPerson) -> None:
    held = budget(me, "1")
    send(me)
    with pytest.raises(BudgetSettingsError, match="why"):
        me.budgets.allow(held, more="1", reason="  ", by="local")
    me.budgets.allow(held, more="1", reason="the client calls", by="local")
    send(me)

    with pytest.raises(BudgetError):
        send(me)
    me.budgets.allow(held, more=None, reason="the client calls again", by="local")
    assert send(me)
    log = me.budgets.allowed(held)
    assert [(one.by, one.extra, one.reason) for one in log] == [
        ("local", None, "the client calls again"),
        ("local", 1, "the client calls"),
    ]
    assert all(one.until_at == first(me).until_at for one in log)


@pytest.mark.parametrize(
    ("measure", "amount", "code"),
    [
        *(("generations", text, "budget_amount") for text in ("", "0", "-1", "1.5", "many", "nan", "1,000", "1e99")),
        ("money", "1,000", "budget_amount"),
        ("money", "0.0000000001", "budget_amount"),
        ("weight", "1", "budget_invalid"),
    ],
)
def test_what_is_no_amount_is_refused(me: ForPerson, measure: str, amount: str, code: str) -> None:
    with pytest.raises(BudgetSettingsError) as refused:
        budget(me, amount, measure, currency="USD")
    assert refused.value.code == code


def test_two_budgets_never_count_the_same_and_a_stranger_ends_none(me: ForPerson) -> None:
    held = budget(me, "2")
    with pytest.raises(BudgetSettingsError) as twice:
        budget(me, "3")
    assert twice.value.code == "budget_twice"
    with pytest.raises(BudgetSettingsError, match="currency"):
        budget(me, "3", "money", currency="$")

    stranger = Budgets("ann", me.generations.database)
    for act in (
        lambda: stranger.end(held, by="ann"),
        lambda: stranger.allow(held, more="1", reason="mine", by="ann"),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert stranger.allowed(held) == []
    me.budgets.end(held, by="local")
    assert (me.budgets.standings(), [one.id for one in me.budgets.ended()]) == ([], [held])


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kathmandu"])
def test_a_month_is_what_its_rows_add_up_to_wherever_it_begins(both: ForPerson, zone: str) -> None:
    budget(both, "100000", "tokens", period="month", zone=zone)
    budget(both, "900000", "money", currency="USD", period="month", zone=zone)
    budget(both, "100000", period="day", zone=zone)
    month, _money, day = both.budgets.standings()
    minute = dt.timedelta(minutes=1)
    edges = [month.from_at, day.from_at, day.until_at, month.until_at]
    places = [(at + step, number) for number, (at, step) in enumerate(product(edges, [-minute, minute * 0, minute]), 1)]
    for at, number in places:
        kept(both, created_at=at, total_tokens=2**number, cost_nano=3**number, cost_currency="USD")

    month, money, day = both.budgets.standings()

    within = [(at, number) for at, number in places if month.from_at <= at < month.until_at]
    assert month.used == sum(2**number for _, number in within)
    assert money.used == sum(3**number for _, number in within)
    assert day.used == sum(day.from_at <= at < day.until_at for at, _ in within)
