"""What is typed is read as it was meant; nothing typed is ever an error."""

from __future__ import annotations

import datetime as dt
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.database import Database
from services.library.browsing import Library, Order, View
from services.library.hits import excerpt, marked
from services.library.query import parse
from tests.db.rows import add

TODAY = dt.date(2026, 3, 15)
HOSTILE = [
    *('"', '""', '"""', ":", "::", "tag:", 'tag:"', "rating:", "rating:>", "rating:>=", "rating:99999999999999999999"),
    *("before:0000-00-00", "before:9999-12-31", "after:0001-01-01", "on:9999-12-31", "after:9999999d", "before:soon"),
    *("state:", "state:,", "state:video,queued", "in:here", "has:", "is:", "model:%", "tokens:>1e999", "tokens:>=9"),
    *("AND", "OR NOT", "NEAR(a b)", "{prompt}:x", "facets:own", "own6c6f63616cxsdone", "bin6c6f63616c", "a*", "^a"),
    *("': & |", "<->", "\\", "\x00", "\ud800", "tag:\ud800", "💡", "x" * 5000, "城" * 5000, "tag:a " * 500),
]


@pytest.mark.parametrize("typed", ["rating:many", "before:soon", "has:wings", "in:here", "state:asleep", "tokens:lots"])
def test_what_only_looks_like_a_filter_is_searched_as_words_and_said(typed: str) -> None:
    query = parse(typed, TODAY)

    assert query.odd == (typed,)
    assert query.terms


@pytest.mark.parametrize("typed", ["http://x.example", "16:9", "note: slow", "Ratio:16"])
def test_a_colon_alone_makes_no_filter(typed: str) -> None:
    query = parse(typed, TODAY)

    assert query.odd == ()
    assert query.terms
    assert not query.facets


def test_full_width_signs_are_as_good() -> None:
    assert parse("rating：＞＝4 “slow push”", TODAY) == parse('rating:>=4 "slow push"', TODAY)


def test_a_reader_ahead_of_us_has_days_of_their_own(database: Database) -> None:
    late = dt.datetime(2026, 3, 14, 20, tzinfo=dt.UTC)
    with database.transaction() as session:
        made = add(session, "late", created_at=late).id
        add(session, "later", created_at=late + dt.timedelta(hours=23))
    library = Library("local", database)

    assert [card.id for card in library.look(View(text="on:2026-03-14")).cards] == [made]
    shanghai = library.look(View(text="on:2026-03-15 late", offset_minutes=480)).cards
    assert [card.id for card in shanghai] == [made]


def test_nothing_typed_raises_or_finds_what_is_anothers(database: Database) -> None:
    chance = random.Random(5)
    noise = ["".join(chance.choices(string.printable + "城：“'\"<>=", k=12)) for _ in range(150)]
    with database.transaction() as session:
        mine = add(session, "a lighthouse").id
        add(session, "b 城市 own x", owner="ann")
    for typed in [*HOSTILE, *noise]:
        for order in (Order.NEWEST, Order.PROMPT):
            look = Library("local", database).look(
                View(
                    text=typed,
                    order=order,
                )
            )
            assert {card.id for card in look.cards} <= {mine}, typed


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_read_and_marked(text: str) -> None:
    query = parse(text, TODAY)

    assert "".join(piece for piece, _ in marked(text, query.words)) == text
    excerpt(text, query.words, 40)


def test_hits_are_marked_where_they_stand() -> None:
    assert [piece for piece, hit in marked("Straße, ＢＯＡＴs und 夜景", ["strasse", "boat", "景"]) if hit] == [
        "Straße", "ＢＯＡＴ", "景",
    ]  # fmt: skip
    assert excerpt("x " * 200 + "the boat" + " y" * 200, ["boat"], 80).count("boat") == 1
    assert excerpt("no such thing", ["boat"], 80) == ""
