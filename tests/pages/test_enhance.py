"""The Rewrite page, run as Streamlit runs it, before a chat model of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.runtime import ForPerson, Runtime
from tests.jobs.relay import Relay
from tests.pages.test_pages import PROJECT, words
from tests.waiting import wait_until


@pytest.fixture
def writer(me: ForPerson) -> Iterator[str]:
    """An endpoint whose chat model answers."""
    with Relay(deltas=5).running() as relay:
        id = me.endpoints.save(None, name="Writer", base_url=relay.base_url, model="some-chat-model").id
        yield id
        me.endpoints.forget(id)


@pytest.fixture
def room(runtime: Runtime, me: ForPerson) -> Iterator[AppTest]:
    me.preferences.set("language", "en")
    me.drafts.save("A boat on a lake")
    app = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    yield app.switch_page("enhance.py").run()
    me.drafts.save("")


def rewritten(room: AppTest, me: ForPerson) -> AppTest:
    room.button(key="rewrite-ask").click().run()
    assert not room.exception
    id = room.session_state["rewrite"]
    wait_until(lambda: me.enhancer.look(id).state != "sending")
    return room.run()


def test_without_an_endpoint_it_says_what_to_do(room: AppTest) -> None:
    assert not room.exception
    assert "Set up an endpoint with a chat model." in words(room)


def test_the_new_words_are_shown_beside_and_kept_only_on_a_click(writer: str, room: AppTest, me: ForPerson) -> None:
    rewritten(room, me)
    assert "piece 0 piece 1" in words(room)
    assert [one.label for one in room.expander][-1] == "The new words, to copy"
    assert me.drafts.load() == "A boat on a lake"

    room.button(key="rewrite-keep").click().run()
    assert not room.exception
    assert me.drafts.load() == "piece 0 piece 1 piece 2 piece 3 piece 4"


@pytest.mark.parametrize(
    ("key", "text"),
    [("insert", "A boat on a lake\n\npiece 0 piece 1 piece 2 piece 3 piece 4"), ("mine", "A boat on a lake")],
)
def test_they_can_be_put_below_or_be_left(writer: str, room: AppTest, me: ForPerson, key: str, text: str) -> None:
    rewritten(room, me).button(key=f"rewrite-{key}").click().run()

    assert me.drafts.load() == text


def test_a_failure_leaves_the_person_where_they_were(runtime: Runtime, me: ForPerson) -> None:
    id = me.endpoints.save(None, name="Nobody", base_url="http://127.0.0.1:9", model="m").id
    me.preferences.set("language", "en")
    me.drafts.save("A boat on a lake")
    room = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    rewritten(room.switch_page("enhance.py").run(), me)

    assert "Your words are as they were." in "\n".join(one.value for one in room.warning)
    assert me.drafts.load() == "A boat on a lake"
    me.endpoints.forget(id)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_room_speaks_both_languages(writer: str, room: AppTest, me: ForPerson, language: str) -> None:
    room.sidebar.radio(key="language_switch").set_value(language).run()
    rewritten(room, me)

    ours = [element.value for kind in (room.title, room.markdown, room.subheader, room.caption) for element in kind]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in "".join(ours)) == (language == "zh_CN")
