"""The Settings page: tokens that are never shown, endpoints that are kept, tested and explained."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from services.runtime import ForPerson
from tests.pages.test_pages import words


def test_the_token_field_is_always_empty(app: AppTest, me: ForPerson) -> None:
    built_in = next(endpoint for endpoint in me.endpoints.list() if endpoint.built_in and not endpoint.demo)
    app.switch_page("settings.py").run()
    app.text_input(key=f"token-{built_in.id}").set_value("sk-canary-0123456789")
    app.button(key=f"save-{built_in.id}").click().run()
    try:
        assert not app.exception
        assert next(one for one in me.endpoints.list() if one.id == built_in.id).has_token
        assert me.endpoints.chosen().id == built_in.id, "the first token makes its endpoint the one in use"
        field = app.text_input(key=f"token-{built_in.id}")
        assert field.value == ""
        assert "sk-canary" not in words(app)
    finally:
        me.endpoints.forget_token(built_in.id)
        demo = next(one for one in me.endpoints.list() if one.demo)
        me.endpoints.choose(demo.id)


def test_the_first_endpoint_saved_says_that_prompts_now_go_there(app: AppTest, me: ForPerson) -> None:
    app.switch_page("settings.py").run()
    app.text_input(key="name-new").set_value("Studio *one*")
    app.text_input(key="base-url-new").set_value("https://studio.example")
    app.button(key="save-new").click().run()
    saved = next(one for one in me.endpoints.list() if one.name == "Studio *one*")
    try:
        assert me.endpoints.chosen().id == saved.id
        assert app.success[0].value == r"Saved. Prompts now go to Studio \*one\*."
    finally:
        me.endpoints.choose("demo")
        me.endpoints.forget(saved.id)


def test_a_test_chooses_a_model_that_is_in_the_list_and_says_so(
    app: AppTest, me: ForPerson, added: Callable[..., str]
) -> None:
    endpoint_id = added("Listed", model="sora-2")
    app.switch_page("settings.py").run()
    app.button(key=f"test-{endpoint_id}").click().run()

    assert me.endpoints.get(endpoint_id).model == "demo-film"
    assert app.selectbox(key=f"model-{endpoint_id}").value == "demo-film"
    assert any("another one was chosen" in info.value for info in app.info)
    assert any("No token is set" in success.value for success in app.success)


def test_a_test_that_failed_says_that_nothing_was_sent(app: AppTest, me: ForPerson, added: Callable[..., str]) -> None:
    endpoint_id = added("Nobody there", base_url="http://127.0.0.1:9")
    app.switch_page("settings.py").run()
    app.button(key=f"test-{endpoint_id}").click().run()

    (said,) = [error.value for error in app.error]
    assert "could not be reached" in said
    assert "No prompt was sent and nothing is charged" in said
    assert "send it again" not in said


def test_a_bad_address_is_explained_and_stays_typed(app: AppTest, me: ForPerson) -> None:
    before = len(me.endpoints.list())
    app.switch_page("settings.py").run()
    app.text_input(key="name-new").set_value("Studio")
    app.text_input(key="base-url-new").set_value("not an address")
    app.button(key="save-new").click().run()

    assert "base URL is not an address" in app.error[0].value
    assert app.text_input(key="base-url-new").value == "not an address"
    assert len(me.endpoints.list()) == before
