"""Old costs are computed anew only when asked for, with a reason, and every row keeps what it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from db import generations as rows
from db.records import Generation
from db.states import State
from services.errors import PriceError
from services.library.browsing import View
from services.runtime import ForPerson, Runtime
from services.usage.prices import Draft
from services.usage.repricing import Scope
from tests.db.rows import NOW, add

A_CALL = Draft(model="sora-2", basis="per_call", price="0.30", currency="USD", valid_from="2026-01-01")


@pytest.fixture
def me(run: Callable[..., Runtime]) -> ForPerson:
    return run(executes=False).for_person("local")


def done(me: ForPerson, state: State = State.DONE, **changes: Any) -> Generation:
    from sqlalchemy import update

    from db.tables import GenerationRow

    with me.prices.database.transaction() as session:
        made = add(session, state=state, **changes)
        session.execute(update(GenerationRow).where(GenerationRow.id == made.id).values(sent_at=NOW, ended_at=NOW))
        session.expire_all()
        found = rows.get(session, None, made.id)
    assert found is not None
    return found


def test_only_what_has_no_cost_is_priced_and_the_act_is_written_down(me: ForPerson) -> None:
    first, other = done(me), done(me, model="unknown-model")
    me.prices.save(A_CALL)
    act = me.prices.reprice(Scope(), by="page", reason=" forgot it ")
    assert (act.looked_at, act.changed, act.before, act.after) == (2, 1, {}, {"USD": 300_000_000})
    assert me.generations.get(first.id).cost_nano == 300_000_000
    assert me.generations.get(other.id).cost_nano is None
    kept = me.prices.repricings(5)
    assert [(one.reason, one.by, one.changed, one.ended_at is not None) for one in kept] == [
        ("forgot it", "page", 1, True)
    ]
    rule = me.prices.rules()[0]
    me.prices.save(Draft(**{**vars_of(A_CALL), "price": "0.5"}), instead_of=rule.id)
    assert me.prices.reprice(Scope(), by="page", reason="again").changed == 0
    again = me.prices.reprice(Scope(only_unpriced=False), by="page", reason="was typed wrongly")
    assert (again.before, again.after) == ({"USD": 300_000_000}, {"USD": 500_000_000})
    told = me.generations.get(first.id)
    assert told.cost_nano == 500_000_000
    assert told.cost_rule is not None
    assert told.cost_rule["was"]["nano"] == 300_000_000


def test_a_reason_is_needed_and_nothing_happens_without_one(me: ForPerson) -> None:
    with pytest.raises(PriceError) as refused:
        me.prices.reprice(Scope(), by="page", reason=" ")
    assert refused.value.code == "price_reason"
    assert me.prices.repricings(5) == []


def test_each_is_priced_by_the_day_it_was_sent(me: ForPerson) -> None:
    sent = done(me)
    me.prices.save_all([A_CALL, Draft(**{**vars_of(A_CALL), "price": "9", "valid_from": "2026-06-01"})])
    since = dt.date(2026, 1, 3)
    assert me.prices.reprice(Scope(since=since), by="page", reason="later ones").looked_at == 0
    assert me.prices.reprice(Scope(), by="page", reason="all").changed == 1
    assert me.generations.get(sent.id).cost_nano == 300_000_000


def test_the_library_finds_by_cost_and_never_what_was_not_spent(me: ForPerson) -> None:
    paid, maybe, refused = done(me), done(me, State.FAILED), done(me, State.REJECTED)
    unpriced, lost = done(me, model="unknown-model"), done(me, State.UNKNOWN, model="unknown-model")
    done(me, State.REJECTED, model="unknown-model")
    me.prices.save(A_CALL)
    me.prices.reprice(Scope(), by="page", reason="set up")
    for text, found in {
        "cost:>0.2": {paid.id, maybe.id},
        "cost:0.3": {paid.id, maybe.id},
        "cost:>=0.3usd": {paid.id, maybe.id},
        "cost:>0.2CNY": set(),
        "cost:>0.3": set(),
        "cost:unknown": {unpriced.id, lost.id},
        "cost:未知 state:unknown": {lost.id},
    }.items():
        assert {one.id for one in me.library.look(View(text=text)).cards} == found, text
    assert me.generations.get(refused.id).cost_nano is None
    assert me.library.look(View(text="cost:much")).cards == []


def vars_of(draft: Draft) -> dict[str, str]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
