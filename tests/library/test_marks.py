"""What a person says is kept at once, found at once, and nobody else's to change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from db import generations
from db.database import Database
from services.errors import MarkError, NotFoundError
from services.library.browsing import Library, View
from services.library.marks import Marks
from services.library.saved import SavedSearches
from tests.db.rows import add


@pytest.fixture
def made(database: Database) -> str:
    with database.transaction() as session:
        return add(session, "a lighthouse").id


@pytest.fixture
def marks(database: Database) -> Marks:
    return Marks("local", database)


def found(database: Database, text: str) -> list[str]:
    return [card.id for card in Library("local", database).look(View(text=text)).cards]


def test_each_mark_is_found_as_soon_as_it_is_made_and_not_after_it_is_taken_back(
    database: Database, marks: Marks, made: str
) -> None:
    marks.rate(made, 4)
    marks.set_favourite(made, True)
    marks.note(made, "灯塔 for the trailer")
    marks.set_tags(made, ["Rain", "night"])
    marks.set_collections(made, [marks.make_collection("Client A")])
    for text in ("rating:4", "is:favourite", "灯塔", "trailer", "tag:rain", "nigh", "has:note", "collection:client"):
        assert found(database, text) == [made], text
    marks.rate(made, None)
    marks.set_favourite(made, False)
    marks.note(made, "")
    marks.set_tags(made, [])
    marks.set_collections(made, [])
    for text in ("rating:4", "is:favourite", "灯塔", "tag:rain", "nigh", "has:note", "collection:client"):
        assert found(database, text) == [], text
    assert found(database, "lighthouse is:unrated") == [made]


def test_the_same_name_in_other_letters_is_the_same_tag_and_collection(database: Database, marks: Marks) -> None:
    with database.transaction() as session:
        one, other = add(session).id, add(session).id
    marks.set_tags(one, ["Rain"])
    marks.set_tags(other, ["ＲＡＩＮ", "  slow   motion "])

    assert marks.tags() == ["Rain", "slow motion"]
    assert marks.make_collection("Client") == marks.make_collection("CLIENT")
    assert set(found(database, "tag:rain")) == {one, other}


def test_a_collection_is_renamed_and_dissolved_without_touching_what_is_in_it(
    database: Database, marks: Marks, made: str
) -> None:
    collection = marks.make_collection("Client A")
    other = marks.make_collection("B")
    marks.set_collections(made, [collection, other])
    marks.rename_collection(collection, "Client Z")
    with pytest.raises(MarkError):
        marks.rename_collection(other, "client z")
    assert found(database, "collection:client z".replace("client z", '"client z"')) == [made]
    marks.dissolve_collection(collection)

    assert [(one.name, one.count) for one in marks.collections()] == [("B", 1)]
    assert found(database, "lighthouse collection:b") == [made]
    assert found(database, 'collection:"client z"') == []


def test_nobody_marks_what_is_anothers(database: Database, made: str) -> None:
    ann = Marks("ann", database)
    for mark in (
        partial(ann.rate, made, 5),
        partial(ann.set_favourite, made, True),
        partial(ann.note, made, "x"),
        partial(ann.set_tags, made, ["x"]),
        partial(ann.set_collections, made, []),
    ):
        with pytest.raises(NotFoundError):
            mark()
    with database.reading() as session:
        kept = generations.get(session, "local", made)
    assert kept is not None
    assert (kept.rating, kept.favourite, kept.notes) == (None, False, "")
    assert ann.tags() == []


@pytest.mark.parametrize("name", ["", "   ", "\n", "x" * 61])
def test_a_name_is_one_short_line(marks: Marks, made: str, name: str) -> None:
    with pytest.raises(MarkError):
        marks.set_tags(made, [name])
    with pytest.raises(MarkError):
        marks.make_collection(name)


def test_many_marks_at_once_all_count_and_leave_the_index_exact(database: Database, marks: Marks, made: str) -> None:
    acts = [partial(marks.rate, made, 1 + number % 5) for number in range(10)]
    acts += [partial(marks.note, made, f"note {number}") for number in range(10)]
    acts += [partial(marks.set_favourite, made, bool(number % 2)) for number in range(9)]
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()
    marks.rate(made, 2)
    marks.note(made, "the last")
    for text, hits in (("rating:2", [made]), ("last", [made]), ("rating:5", []), ("note", [])):
        assert found(database, text) == hits, text


def test_a_saved_search_is_kept_by_its_name(database: Database) -> None:
    searches = SavedSearches("local", database)
    searches.save("Best", "q=rating%3A5")
    searches.save("Best", "q=rating%3A%3E%3D4")
    assert [(one.name, one.query) for one in searches.all()] == [("Best", "q=rating%3A%3E%3D4")]
    with pytest.raises(NotFoundError):
        SavedSearches("ann", database).remove(searches.all()[0].id)
    searches.remove(searches.all()[0].id)
    assert searches.all() == []
