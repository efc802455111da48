"""The Library and the marks, run as Streamlit runs them; the address is what is shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.library_empty import said_of
from services.library.browsing import Look, View
from services.runtime import ForPerson, Runtime
from tests.pages.conftest import Site

FRAME = Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py"


@pytest.fixture
def app(runtime: Runtime, me: ForPerson) -> AppTest:
    me.preferences.set("language", "en")
    return AppTest.from_file(str(FRAME), default_timeout=60)


@pytest.fixture
def mark() -> str:
    """A word that no other test's prompts hold."""
    return f"zq{os.urandom(5).hex()}"


def library(app: AppTest, **address: str) -> AppTest:
    app.run()
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page("library.py").run()


def generation(app: AppTest, generation_id: str) -> AppTest:
    app.run()
    app.query_params["id"] = generation_id
    return app.switch_page("generation.py").run()


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.caption, app.info, app.markdown, app.success) for one in kind)


def ids(me: ForPerson, text: str) -> list[str]:
    return [card.id for card in me.library.look(View(text=text)).cards]


def test_the_address_says_what_is_shown(app: AppTest, me: ForPerson, filmed: Callable[[str], str], mark: str) -> None:
    kept = filmed(f"{mark} boat [fast]")
    me.marks.rate(kept, 5)
    app = library(app, q=f"{mark} rating:>=4", order="rating", view="table", size="large")

    assert not app.exception
    assert "Found: 1" in said(app)
    assert app.text_input(key="q").value == f"{mark} rating:>=4"
    assert [app.selectbox(key=key).value for key in ("order", "view", "size")] == ["rating", "table", "large"]


def test_what_is_chosen_goes_into_the_address_and_begins_anew(app: AppTest) -> None:
    app = library(app, at="0.5")
    app.text_input(key="q").set_value("boat").run()
    assert (app.query_params["q"], "at" in app.query_params) == ("boat", False)
    app.selectbox(key="order").set_value("oldest").run()
    assert app.query_params["order"] == "oldest"
    app.selectbox(key="order").set_value("newest").run()

    assert "order" not in app.query_params
    assert not app.exception


@pytest.mark.parametrize(
    "address",
    [
        {"shelf": "cellar", "order": "price", "view": "film", "size": "vast", "collection": "nobody", "at": "x.y"},
        {"q": 'rating:many "', "at": "99.1"},
        {"q": "tag:none-such"},
        {"at": "0.0"},
        {"shelf": "trash", "q": "in:trash", "at": "0.999999999999999999"},
    ],
)
def test_an_address_that_says_nonsense_shows_what_there_is(app: AppTest, address: dict[str, str]) -> None:
    assert not library(app, **address).exception


def test_what_is_no_filter_and_what_there_is_not_is_said(app: AppTest) -> None:
    assert "Searched as words" in said(library(app, q="rating:many"))
    assert "There is nothing called: tag" in said(library(app, q="tag:none-such"))


@pytest.mark.parametrize(
    ("count", "more", "told"), [(0, True, ""), (0, False, "Found: 0"), (49, True, "Found: 49+"), (None, False, "")]
)
def test_a_search_that_stopped_before_it_found_anything_names_no_count(
    count: int | None, more: bool, told: str
) -> None:
    look = Look(
        cards=[], next="0.7", given_up=more, count=count, more_than_count=more, words=("boat",), odd=(), unknown=()
    )
    assert said_of(look) == told


@pytest.mark.parametrize("shelf", ["favourites", "trash"])
def test_an_empty_shelf_teaches_and_leads_back(app: AppTest, me: ForPerson, shelf: str) -> None:
    me.trash.delete_for_ever()
    for card in me.library.look(View(text="is:favourite")).cards:
        me.marks.set_favourite(card.id, False)
    app = library(app, shelf=shelf)
    assert "press the heart" in said(app) or "taken back for 30 days" in said(app)
    app.button(key="everything").click().run()

    assert not app.query_params
    assert not app.exception


def test_a_search_is_saved_shown_again_and_forgotten(app: AppTest, me: ForPerson) -> None:
    app = library(app, q="boat", order="oldest", at="0.7")
    app.text_input(key="search-name").set_value("My *boats*")
    next(one for one in app.button if one.label == "Save this search").click().run()
    (saved,) = me.saved_searches.all()
    assert saved.query == "q=boat&order=oldest"
    app = library(app)
    app.button(key=f"saved-{saved.id}").click().run()
    assert app.query_params["q"] == "boat"
    assert app.button(key=f"saved-{saved.id}").label == r"My \*boats\*"
    app.button(key=f"forget-{saved.id}").click().run()

    assert me.saved_searches.all() == []
    assert not app.exception


def test_every_mark_is_kept_from_the_generations_page(
    app: AppTest, me: ForPerson, filmed: Callable[[str], str], mark: str
) -> None:
    id = filmed(f"{mark} [fast]")
    app = generation(app, id)
    app.button(key="favourite").click().run()
    app.multiselect(key="tags").set_value([]).run()
    app.text_area(key="notes").set_value("for the *trailer*").run()
    assert not app.exception
    me.marks.set_tags(id, ["rain"])
    me.marks.set_collections(id, [me.marks.make_collection("Client A")])
    app = generation(app, id)

    assert app.multiselect(key="tags").value == ["rain"]
    assert app.multiselect(key="collections").value == ["Client A"]
    app.multiselect(key="tags").set_value([]).run()
    assert not app.exception
    assert ids(me, f"{mark} is:favourite trailer has:collection") == [id]
    assert ids(me, f"{mark} has:tag") == []


def test_the_trash_asks_gives_back_and_says_how_much(
    app: AppTest, me: ForPerson, filmed: Callable[[str], str], mark: str
) -> None:
    me.trash.delete_for_ever()
    id = filmed(f"{mark} [fast]")
    app = generation(app, id)
    app.button(key="throw-away").click().run()
    assert ids(me, mark) == []
    assert "1 is in the trash." in said(app)
    app.button(key="undo-trash").click().run()
    assert ids(me, mark) == [id]
    app.button(key="throw-away").click().run()
    app = library(app, shelf="trash")
    assert "1 prompt with its answer, 1 video (" in said(app)
    app.button(key="empty-trash").click().run()
    assert not app.exception
    assert ids(me, f"{mark} in:trash") == [id], "a click alone deletes nothing"
    app.button(key="empty-trash-yes").click().run()

    assert ids(me, f"{mark} in:trash") == []
    assert "deleted for ever" in said(app)


def test_a_mark_is_kept_by_one_request_of_our_own_pages(
    site: Site, me: ForPerson, filmed: Callable[[str], str], mark: str
) -> None:
    id, ours = filmed(f"{mark} [fast]"), {"Origin": site.origin}
    path = f"/api/generations/{id}/marks"

    assert site.ask("POST", path, ours, b'{"rating": 4}').status == 204
    assert site.ask("POST", path, ours, b'{"favourite": true}').status == 204
    assert ids(me, f"{mark} rating:4 is:favourite") == [id]
    assert site.ask("POST", path, ours, b'{"rating": null}').status == 204
    assert site.ask("POST", path, {"Origin": "http://evil.example"}, b'{"rating": 5}').status == 403
    assert site.ask("POST", "/api/generations/nobody/marks", ours, b'{"rating": 5}').status == 404
    for body in (b"", b"[]", b"null", b'{"rating": 6}', b'{"rating": true}', b'{"notes": "x"}', b"\xff", b"{" * 300):
        assert site.ask("POST", path, ours, body).status == 400, body
    assert ids(me, f"{mark} is:unrated") == [id]
