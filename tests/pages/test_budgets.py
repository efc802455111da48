"""Budgets on the pages, run as Streamlit runs them: set, warned of, stopped by, passed for a reason, ended."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.budgets.kept import Draft
from services.runtime import ForPerson
from tests.pages.test_pages import PROJECT, words


@pytest.fixture
def person(me: ForPerson) -> Iterator[ForPerson]:
    """Somebody whose prompts go to an endpoint that is not free, and wait; no budget is left behind."""
    me.preferences.set("language", "en")
    me.drafts.save("")
    before = me.endpoints.chosen().id
    paid = me.endpoints.save(None, name="Paid", base_url="http://127.0.0.1:9", token="t", model="m")
    me.endpoints.choose(paid.id)
    me.generations.pause()
    yield me
    me.generations.cancel_all_waiting()
    me.generations.resume()
    for one in me.budgets.standings():
        me.budgets.end(one.budget.id, by="local")
    me.endpoints.choose(before)
    me.endpoints.forget(paid.id)


def at(page: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=30).run()
    return app if page == "create.py" else app.switch_page(page).run()


def set_budget(me: ForPerson, amount: str, **more: str) -> str:
    """Set one for what goes to the endpoint of `person`, which is new: what other tests sent today is not in it."""
    here = {"endpoint_id": me.endpoints.chosen().id, "scope_name": "Paid"}
    draft = {"measure": "generations", "period": "day", "zone": "UTC"} | here | more
    return me.budgets.set(Draft(amount=amount, **draft), by="local").id


def waiting(me: ForPerson, count: int) -> None:
    for _ in range(count):
        me.generations.submit("a kite", nonce=os.urandom(8).hex())


def test_a_budget_is_set_in_settings(person: ForPerson) -> None:
    app = at("settings.py")
    app.session_state["budget-new"] = True
    app.run()
    app.radio(key="budget-measure").set_value("money").run()
    app.radio(key="budget-period").set_value("month").run()
    app.text_input(key="budget-amount").set_value("ten").run()
    app.text_input(key="budget-currency").set_value("xts").run()  # money of tests: nothing else costs it
    app.button(key="budget-set").click().run()
    assert "This is not an amount." in words(app)
    assert (person.budgets.standings(), app.text_input(key="budget-amount").value) == ([], "ten")

    app.text_input(key="budget-amount").set_value("12.50").run()
    app.button(key="budget-set").click().run()

    assert "**This month, all you send**" in words(app)
    assert "0.00 of 12.50 XTS used." in words(app)
    (standing,) = person.budgets.standings()
    assert (standing.budget.amount, standing.budget.currency) == (12_500_000_000, "XTS")


def test_create_warns_at_80_percent_and_says_so_only_then(person: ForPerson) -> None:
    set_budget(person, "5")
    waiting(person, 3)
    assert "Nearly used up" not in words(at("create.py"))

    waiting(person, 1)

    assert "Nearly used up: Today, what goes to Paid." in words(at("create.py"))
    assert "0 of 5 generations used, 4 more on the way or waiting." in words(at("create.py"))


def test_a_prompt_that_is_stopped_stays_in_the_box_and_the_page_says_which_budget(person: ForPerson) -> None:
    held = set_budget(person, "1")
    waiting(person, 1)
    app = at("create.py")
    app.text_area(key="prompt").set_value("one more kite").run()
    app.button(key="generate").click().run()

    said = app.error[0].value
    assert said.startswith("Nothing was sent: this budget is used up (Today, what goes to Paid).")
    assert "It begins anew on " in said
    assert "What you wrote stays." in said
    assert app.text_area(key="prompt").value == "one more kite"
    assert len(person.generations.unfinished()) == 1

    settings = at("settings.py")
    settings.text_input(key=f"budget-more-{held}").set_value("1").run()
    settings.button(key=f"budget-yes-{held}").click().run()
    assert "A reason is missing." in words(settings)
    settings.text_input(key=f"budget-why-{held}").set_value("*the client* calls").run()
    settings.button(key=f"budget-yes-{held}").click().run()
    assert "More is allowed until the budget begins anew." in words(settings)
    assert "*the client* calls" in [one.value for one in settings.text]
    assert " · You · +1 generation" in words(settings)

    app.button(key="generate").click().run()
    assert len(person.generations.unfinished()) == 2


def test_a_batch_that_would_pass_it_is_told_as_a_whole(person: ForPerson) -> None:
    set_budget(person, "2", scope_name="[a](http://b)")
    person.preferences.set("batch_form", "{}")
    app = at("batch.py")
    app.text_area(key="batch-lines").set_value("one\ntwo\nthree").run()
    app.button(key="batch-send").click().run()
    app.button(key="batch-yes").click().run()

    said = app.error[0].value
    assert "3 prompts together would pass this budget" in said
    assert r"\[a\]\(http" in said
    assert person.generations.unfinished() == []


def test_the_usage_page_has_a_panel_and_an_ended_budget_stays_in_the_list(person: ForPerson) -> None:
    held = set_budget(person, "4")
    waiting(person, 1)
    assert "0 of 4 generations used, 1 more on the way or waiting." in words(at("usage.py"))

    settings = at("settings.py")
    settings.button(key=f"budget-end-{held}").click().run()
    assert "This budget has ended." in words(settings)
    assert "Today, what goes to Paid: 4 generations." in words(settings)
    assert "Budgets" not in [one.value for one in at("usage.py").header]


def test_chinese_says_it_in_chinese(person: ForPerson) -> None:
    set_budget(person, "1")
    waiting(person, 1)
    person.preferences.set("language", "zh_CN")
    try:
        said = words(at("create.py"))
        assert "已用完" in said
    finally:
        person.preferences.set("language", "en")
