"""Remix and a picture on their pages, run as Streamlit runs them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.prompts.composing import BEFORE, NOTE
from services.prompts.desk import Desk
from services.prompts.fields import Fields, Place
from services.prompts.presets import built_in
from services.prompts.sending import composed
from services.runtime import ForPerson
from tests.pages.test_pages import words
from tests.waiting import wait_until

BOAT = Desk(Fields(place=Place("A boat"), mood=("calm",)))


@pytest.fixture
def clean(me: ForPerson) -> Iterator[None]:
    yield
    for name in ("create", NOTE, BEFORE):
        me.drafts.save("", name)
    me.preferences.set("compose_open", "")


@pytest.fixture
def opened(app: AppTest, me: ForPerson, clean: None) -> Callable[[str], AppTest]:
    """Send the boat to the demo, whose answer holds whatever the mark says, and open its page."""

    def begin(more: str) -> AppTest:
        beside = composed(BOAT, built_in())
        sent = me.generations.submit(f"{BOAT.text} {more} [fast]", nonce=os.urandom(8).hex(), composed=beside)
        wait_until(lambda: me.generations.get(sent.id).ended_at is not None)
        app.query_params["id"] = sent.id
        return app.switch_page("generation.py").run()

    return begin


def test_remix_begins_from_a_video_and_names_what_was_changed(opened: Callable[[str], AppTest], me: ForPerson) -> None:
    page = opened("")
    page.button(key="remix").click().run()

    assert not page.exception
    assert "gave this video no name" in words(page)
    assert page.radio(key="compose-section").value == "rules"
    page.switch_page("create.py").run()  # AppTest stays on the page it was told; a browser does not
    page.text_input(key="f-remix").set_value("The sail is red").run()
    assert "change only this: The sail is red" in str(page.text_area(key="prompt").value)
    assert words(page).count("Changed: Change one thing") == 2, "above, and beside the field"
    assert me.composing.open()[0].parent_id


def test_a_picture_that_was_sent_is_shown_with_its_weight(app: AppTest, me: ForPerson, clean: None) -> None:
    from tests.pictures.test_sent import submit, with_picture

    me.generations.pause()
    desk = with_picture(me)
    id = submit(me, desk, os.urandom(8).hex())
    app.query_params["id"] = id
    page = app.switch_page("generation.py").run()

    assert not page.exception
    assert "dailies-picture:" in words(page)
    assert "picture.jpg" in words(page)
    assert len(page.get("bidi_component")) >= 1
