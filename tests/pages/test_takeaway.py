"""Taking away and doing something to many, as the pages and the route have them."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from services.library.browsing import View
from services.runtime import ForPerson, Runtime
from tests.pages.conftest import Site
from tests.takeaway.house import records, unzipped
from tests.waiting import wait_until

FRAME = Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py"


@pytest.fixture
def app(runtime: Runtime, me: ForPerson) -> AppTest:
    me.preferences.set("language", "en")
    return AppTest.from_file(str(FRAME), default_timeout=60)


@pytest.fixture
def mark() -> str:
    """A word that no other test's prompts hold."""
    return f"zq{os.urandom(5).hex()}"


def page(app: AppTest, name: str, **address: str) -> AppTest:
    app.run()
    for key, value in address.items():
        app.query_params[key] = value
    return app.switch_page(name).run()


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.markdown, app.caption, app.success, app.error) for one in kind)


def ids(me: ForPerson, text: str) -> list[str]:
    return [card.id for card in me.library.look(View(text=text)).cards]


def ended(me: ForPerson) -> None:
    wait_until(lambda: (run := me.bulk.run()) is not None and run.ended)


def test_the_route_gives_what_is_chosen_and_nobody_elses(
    site: Site, me: ForPerson, runtime: Runtime, filmed: Callable[[str], str], mark: str
) -> None:
    made, other = filmed(f"{mark} boat [fast]"), filmed(f"{mark} kite [fast]")
    by_search = site.ask("GET", f"/api/takeaway?q={mark}+boat")
    by_ids = site.ask("GET", f"/api/takeaway?ids={other},nobody")

    assert (by_search.status, by_search.headers["content-type"]) == (200, "application/zip")
    assert by_search.headers["cache-control"] == "no-store"
    assert by_search.headers["content-disposition"].startswith('attachment; filename="dailies-')
    assert [one["id"] for one in records(by_search.body)] == [made]
    assert [one["id"] for one in records(by_ids.body)] == [other]
    assert any(name.endswith(".mp4") for name in unzipped(by_search.body))
    ann = runtime.for_person("ann")
    assert ann.selections.count(ann.bulk.selections.of_ids((made, other))) == 0
    head = site.ask("HEAD", f"/api/takeaway?q={mark}")
    assert (head.status, head.body) == (200, b"")


@pytest.mark.parametrize(
    "said",
    [
        "ids=nobody",
        "q=none-such-at-all",
        "shelf=cellar",
        "offset=x",
        "offset=99999",
        "shelf=all&collection=none",
        "ids=%00",
        "search=nobody",
    ],
)
def test_an_address_that_chooses_nothing_is_not_found(site: Site, said: str) -> None:
    assert site.ask("GET", f"/api/takeaway?{said}").status == 404


def test_no_other_way_of_asking_is_known(site: Site) -> None:
    assert site.ask("POST", "/api/takeaway?q=", {"Origin": site.origin}).status == 405


def test_all_that_is_found_is_rated_after_one_question_and_thrown_away_and_back(
    app: AppTest, me: ForPerson, filmed: Callable[[str], str], mark: str
) -> None:
    made = [filmed(f"{mark} {number} [fast]") for number in range(2)]
    app = page(app, "library.py", q=mark)
    app.button(key="many-all").click().run()
    assert not app.exception
    app.selectbox(key="many-act").select("rate").run()
    assert app.button(key="many-yes").label == "Rate: 2"
    assert ids(me, f"{mark} rating:5") == [], "a choice alone does nothing"
    app.button(key="many-yes").click().run()
    ended(me)
    app.run()
    assert "Rated: 2." in said(app)
    assert set(ids(me, f"{mark} rating:5")) == set(made)
    app.button(key="many-seen").click().run()
    app.button(key="many-all").click().run()
    app.selectbox(key="many-act").select("trash").run()
    app.button(key="many-yes").click().run()
    ended(me)
    app.run()
    assert ids(me, mark) == []
    app.button(key="many-undo").click().run()
    ended(me)
    app.run()

    assert not app.exception
    assert "Taken out of the trash: 2." in said(app)
    assert set(ids(me, mark)) == set(made)
    app.button(key="many-seen").click().run()
    assert me.bulk.run() is None


def test_the_zip_says_what_it_will_hold(app: AppTest, me: ForPerson, filmed: Callable[[str], str], mark: str) -> None:
    filmed(f"{mark} [fast]")
    app = page(app, "library.py", q=mark)
    app.button(key="many-all").click().run()

    assert not app.exception
    assert "In the zip: 1 prompt with its answer, 1 video (" in said(app)
    assert any(f"q={quote(mark)}" in str(getattr(link, "url", "")) for link in app.get("link_button"))


def test_a_name_that_is_none_is_refused_and_nothing_begins(
    app: AppTest, me: ForPerson, filmed: Callable[[str], str], mark: str
) -> None:
    filmed(f"{mark} [fast]")
    app = page(app, "library.py", q=mark)
    app.button(key="many-all").click().run()
    app.selectbox(key="many-act").select("tag").run()
    app.button(key="many-yes").click().run()

    assert "Give it a name first." in said(app)
    assert me.bulk.run() is None


def test_a_zip_and_a_table_come_in_by_the_settings(
    app: AppTest, site: Site, me: ForPerson, filmed: Callable[[str], str], mark: str
) -> None:
    made = filmed(f"{mark} boat [fast]")
    taken = site.ask("GET", f"/api/takeaway?q={mark}").body
    me.trash.put([made])
    me.trash.delete_for_ever([made])
    ours = {"Origin": site.origin}
    assert site.ask("PUT", "/api/incoming?name=mine.zip", ours, taken).status == 202
    ended(me)
    app = page(app, "settings.py")
    assert not app.exception
    assert "Brought in: 1." in said(app)
    assert ids(me, f"{mark} has:video") == [made]
    app.button(key="many-seen").click().run()
    assert site.ask("PUT", "/api/incoming?name=bad.zip", ours, b"rubbish").status == 202
    ended(me)
    app.run()
    assert "cannot be read as a zip file" in said(app)
    app.button(key="many-seen").click().run()
    table = site.ask("PUT", "/api/incoming?name=prompts.csv", ours, f"prompt\n{mark} heron\n".encode())
    assert (table.status, json.loads(table.body)) == (202, {"new": 1, "here": 0, "no_room": 0})
    app = page(app, "batch.py")
    assert f"{mark} heron" in str(app.text_area(key="batch-lines").value)
    wrong = site.ask("PUT", "/api/incoming?name=prompts.csv", ours, b"name\nx\n")
    assert (wrong.status, json.loads(wrong.body)) == (400, {"code": "import_table"})
    assert site.ask("PUT", "/api/incoming?name=a.zip", {"Origin": "http://evil.example"}, taken).status == 403
    assert not list(Path(os.environ["DAILIES_HOME"]).glob("incoming-*"))


def test_a_zip_is_a_zip_while_it_is_made(site: Site, filmed: Callable[[str], str], mark: str) -> None:
    filmed(f"{mark} [fast]")
    with zipfile.ZipFile(io.BytesIO(site.ask("GET", f"/api/takeaway?q={mark}").body)) as opened:
        assert opened.testzip() is None
