""" "You already made this", beneath the prompt box of Create."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.runtime import ForPerson, Runtime
from tests.pages.test_pages import PROJECT, words


@pytest.fixture
def app(runtime: Runtime, me: ForPerson) -> Iterator[AppTest]:
    me.drafts.save("")
    me.preferences.set("language", "en")
    yield AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    me.generations.cancel_all_waiting()


def kite() -> str:
    return (
        f"A kite {os.urandom(6).hex()} over the bay at dawn, wide shot, slow push in, gulls and wind, no music [fast]"
    )


def test_the_same_words_bring_the_old_video(app: AppTest, me: ForPerson, filmed: Callable[[str], str]) -> None:
    prompt = kite()
    filmed(prompt)
    app.text_area(key="prompt").set_value(prompt.upper()).run()

    assert not app.exception
    assert "You already made this." in words(app)
    assert [link.proto.label for link in app.main.get("page_link") if link.proto.label == "Watch it"]


def test_nearly_the_same_words_can_be_used_again(app: AppTest, me: ForPerson, filmed: Callable[[str], str]) -> None:
    prompt = kite()
    filmed(prompt)
    filmed("Something else since then [fast]")
    app.text_area(key="prompt").set_value(prompt.replace("dawn", "dusk")).run()
    assert "You already made something very like it." in words(app)

    app.button(key="made-use").click().run()
    assert app.text_area(key="prompt").value == prompt
    assert "You already made this." in words(app)


def test_another_take_is_sent_and_then_it_is_no_news(app: AppTest, me: ForPerson, filmed: Callable[[str], str]) -> None:
    prompt = kite()
    filmed(prompt)
    filmed("Something else since then [fast]")
    app.text_area(key="prompt").set_value(prompt).run()
    app.button(key="made-go-on").click().run()

    assert not app.exception
    assert len(me.library.page(text=prompt.split()[2]).items) == 2
    assert "You already made this." not in words(app)


def test_what_was_just_sent_from_here_is_no_news(app: AppTest) -> None:
    app.text_area(key="prompt").set_value(kite())
    app.button(key="generate").click().run()

    assert "already" not in words(app)


def test_the_words_of_the_newest_on_the_page_are_no_news_after_a_reload(
    app: AppTest, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    prompt = kite()
    filmed(prompt)
    app.text_area(key="prompt").set_value(prompt).run()
    assert "You already made" not in words(app)

    filmed("Something else since then [fast]")
    assert "You already made this." in words(app.run())
