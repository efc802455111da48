"""Drafts put aside, and prompts sent before, run as Streamlit runs them."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from services.errors import NotFoundError, PromptError
from services.prompts.desk import Desk, with_fields
from services.prompts.fields import EMPTY
from services.runtime import ForPerson
from tests.pages.test_composer import FULL, app, visit
from tests.pages.test_pages import words

__all__ = ["app", "visit"]
FIELDS = with_fields(Desk(), FULL)


@pytest.fixture(autouse=True)
def nothing_aside(me: ForPerson) -> None:
    for one in me.aside.all():
        me.aside.throw_away(one.id)


def test_a_draft_put_aside_comes_back_with_all_its_fields(app: AppTest, me: ForPerson) -> None:
    me.composing.put(Desk(), FIELDS)
    app = AppTest.from_file(str(app._script_path), default_timeout=60).run()
    before = app.text_area(key="prompt").value
    app.button(key="put-aside").click().run()
    assert not app.exception
    assert app.text_area(key="prompt").value == ""

    assert me.composing.open()[0].fields == EMPTY
    (kept,) = me.aside.all()
    assert kept.desk == FIELDS
    app.switch_page("drafts.py").run()
    app.button(key=f"aside-take-{kept.id}").click().run()
    assert not app.exception
    assert app.text_area(key="prompt").value == before
    assert me.composing.open()[0].fields == FULL
    assert me.aside.all() == []


def test_a_draft_thrown_away_can_be_brought_back(visit: Callable[[], AppTest], me: ForPerson) -> None:
    id = me.aside.keep(FIELDS)
    room = visit().switch_page("drafts.py").run()
    room.button(key=f"aside-away-{id}").click().run()
    assert me.aside.all() == []
    room.button(key="draft-undo").click().run()
    assert [one.id for one in me.aside.all()] == [id]


def test_nothing_is_no_draft_and_nobodys_can_be_taken(me: ForPerson) -> None:
    with pytest.raises(PromptError):
        me.aside.keep(Desk())
    for act in (me.aside.take, me.aside.throw_away, me.aside.bring_back):
        with pytest.raises(NotFoundError):
            act("none")


def test_a_prompt_sent_before_is_found_by_its_words_and_used_again(
    visit: Callable[[], AppTest], me: ForPerson, filmed: Callable[[str], str]
) -> None:
    mark = os.urandom(4).hex()
    for text in (f"A lighthouse {mark} at dusk [fast]", f"A quay {mark} [fast]", f"A quay {mark} [fast]"):
        filmed(text)
    room = visit().switch_page("drafts.py").run()
    room.text_input(key="recall").set_value(f"{mark} LIGHTHOUSE").run()
    assert f"A quay {mark}" not in words(room)
    (use,) = [button for button in room.button if str(button.key).startswith("past-use-")]
    use.click().run()

    assert not room.exception
    assert room.text_area(key="prompt").value == f"A lighthouse {mark} at dusk [fast]"
    assert len(me.aside.sent_before(mark)) == 2, "like prompts once"
