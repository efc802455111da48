"""Prices on the pages: an example becomes a rule only when it is saved; the card that reads back tells the cost."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from services.runtime import ForPerson
from services.usage.prices import Draft


def test_an_example_is_a_rule_only_once_it_is_saved_and_can_be_ended(app: AppTest, me: ForPerson) -> None:
    app.session_state["prices"] = True  # the section is open
    app.switch_page("settings.py").run()
    app.button(key="price-example-0").click().run()
    assert app.text_input(key="price-model").value == "sora-2*"
    assert me.prices.rules() == []
    app.button(key="price-save").click().run()
    assert [(one.model, one.note) for one in me.prices.rules()] == [("sora-2*", "A made-up example")]
    app.text_input(key="reprice-reason").set_value("to see").run()
    app.button(key="reprice").click().run()
    assert me.prices.repricings(1)[0].reason == "to see"
    app.button(key=f"end-{me.prices.rules()[0].id}").click().run()

    assert not app.exception
    assert me.prices.rules() == []


def test_the_button_and_the_read_back_tell_what_it_costs(
    app: AppTest, me: ForPerson, added: Callable[..., str]
) -> None:
    endpoint_id = added("Paid", model="sora-2")
    rule = me.prices.save(Draft(model="sora-2", basis="per_call", price="0.3", currency="USD"))
    me.endpoints.choose(endpoint_id)
    try:
        app.session_state["compose_open"] = app.session_state["read-back"] = True  # the fields and the card are open
        app.run()
        app.text_area(key="prompt").set_value("A paper boat").run()
        assert not app.exception
        assert app.button(key="generate").label == "Generate · at most 0.30 USD"
        assert "It costs at most 0.30 USD." in " ".join(one.value for one in app.markdown).replace("\\.", ".")
    finally:
        me.endpoints.choose("demo")
        me.prices.end(rule.id)
