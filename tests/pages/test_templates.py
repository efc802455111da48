"""Templates and cards on their page, run as Streamlit runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.runtime import ForPerson, Runtime
from tests.pages.test_pages import PROJECT, words


@pytest.fixture
def room(runtime: Runtime, me: ForPerson) -> Iterator[AppTest]:
    """The page with nothing on it, and a prompt on Create."""
    me.preferences.set("language", "en")
    me.drafts.save("A {product} on a table, soft window light")
    app = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    yield app.switch_page("templates.py").run()
    me.drafts.save("")
    for template in me.templates.all():
        me.templates.forget(template.id)
    for person in me.cards.all().cast:
        me.cards.forget("cast", person.name)


def kept(room: AppTest, me: ForPerson, name: str = "On a table") -> str:
    room.text_input(key="template-name").set_value(name)
    room.button(key="template-keep").click().run()
    assert not room.exception
    return me.templates.all()[0].id


def test_what_is_on_create_is_kept_under_a_name_and_laid_back(room: AppTest, me: ForPerson) -> None:
    id = kept(room, me)
    assert [one.said("en") for one in me.templates.all()] == ["On a table"]
    assert "To fill in: product" in words(room)
    me.drafts.save("something else")

    room.button(key=f"use-{id}").click().run()
    assert not room.exception
    assert "on a table, soft window light" in me.drafts.load()


def test_without_a_name_it_says_so_and_keeps_nothing(room: AppTest, me: ForPerson) -> None:
    room.button(key="template-keep").click().run()

    assert "Give the template a name." in words(room)
    assert me.templates.all() == []


def test_a_next_version_and_the_way_back(room: AppTest, me: ForPerson) -> None:
    id = kept(room, me)
    me.drafts.save("A {product} in the rain")
    room.run()
    room.selectbox(key="template-as").set_value(id).run()
    room.button(key="template-keep").click().run()
    assert me.templates.get(id).version == 2

    room.button(key=f"back-{id}").click().run()
    assert me.templates.get(id).version == 3
    assert me.templates.get(id).composition("en").text.startswith("A {product} on a table")


def test_what_is_put_away_comes_back_by_one_click(room: AppTest, me: ForPerson) -> None:
    id = kept(room, me)
    room.button(key=f"away-{id}").click().run()
    assert me.templates.all() == []

    room.button(key="template-undo").click().run()
    assert [one.id for one in me.templates.all()] == [id]


def test_a_file_is_read_whole_or_not_at_all(room: AppTest, me: ForPerson) -> None:
    room.file_uploader(key="templates-file").upload("mine.csv", b"name,prompt\nCup,A cup\n,A table\n").run()
    assert "1 thing is wrong" in words(room)
    assert me.templates.all() == []

    room.file_uploader(key="templates-file").upload("mine.csv", b"name,prompt\nCup,A cup\nTable,A table\n").run()
    room.button(key="templates-take").click().run()
    assert {one.said("en") for one in me.templates.all()} == {"Cup", "Table"}


def test_a_card_is_kept_and_told_what_it_lacks(room: AppTest, me: ForPerson) -> None:
    room.text_input(key="cast-name").set_value("Mei")
    room.button(key="cast-keep").click().run()
    assert "says nothing that stays the same" in words(room)
    room.text_area(key="cast-traits").set_value("red coat\nshort hair")
    room.button(key="cast-keep").click().run()

    assert not room.exception
    assert me.cards.all().cast[0].traits == ("red coat", "short hair")
    data = {"kind": "dailies-cards", "cast": [{"name": "Bo", "traits": ["tall"]}]}
    room.file_uploader(key="cards-file").upload("cards.json", json.dumps(data).encode()).run()
    room.button(key="cards-take").click().run()
    assert [one.name for one in me.cards.all().cast] == ["Bo", "Mei"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_room_speaks_both_languages_and_shows_no_foreign_markdown(
    room: AppTest, me: ForPerson, language: str
) -> None:
    kept(room, me, "![spy](http://evil.example/x.png)")
    room.sidebar.radio(key="language_switch").set_value(language).run()

    assert not room.exception
    ours = [element.value for kind in (room.title, room.header, room.markdown, room.caption) for element in kind]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in "".join(ours)) == (language == "zh_CN")
    assert not [text for text in (*ours, *(expander.label for expander in room.expander)) if "![" in text]
