"""Every search finds what a plain scan finds: nothing missing, nothing extra, in order, whatever the page size."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from db.database import Database
from services.clock import utc_now
from services.library.browsing import Library, Order, Shelf, View
from services.library.query import FILTERS, HAS, IS
from tests.db.rows import add
from tests.library.corpus import Fact, Says, fill, filters, holds_phrase, holds_words, some_filter, some_words

QUERIES = 250
DAY = dt.timedelta(days=1)


def everything(library: Library, view: View, limit: int) -> list[str]:
    """Return the ids of a view, page by page to its end."""
    ids: list[str] = []
    after = ""
    while True:
        look = library.look(view, after=after, limit=limit)
        assert len(look.cards) <= limit
        ids += [card.id for card in look.cards]
        if not look.next:
            return ids
        after = look.next


def asked(chance: random.Random) -> tuple[str, list[Says]]:
    parts = [some_words(chance) for _ in range(chance.randrange(3))] + [
        some_filter(chance) for _ in range(chance.randrange(3))
    ]
    chance.shuffle(parts)
    return " ".join(text for text, _ in parts), [says for _, says in parts]


def in_order(facts: list[Fact], order: Order) -> list[str]:
    if order is Order.OLDEST:
        return [one.id for one in sorted(facts, key=lambda one: one.seq)]
    if order is Order.RATING:
        return [one.id for one in sorted(facts, key=lambda one: (-(one.rating or 0), -one.seq))]
    return [one.id for one in sorted(facts, key=lambda one: -one.seq)]


@pytest.mark.parametrize("seed", [1, 2])
def test_missing_nothing_and_nothing_extra(database: Database, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    facts = fill(database, chance, 120, tmp_path)
    found = 0
    for _ in range(QUERIES):
        owner, trashed = chance.choice(["local", "local", "ann"]), chance.random() < 0.15
        order = chance.choice([Order.NEWEST, Order.NEWEST, Order.OLDEST, Order.RATING])
        text, says = asked(chance)
        wanted = [
            one for one in facts if one.owner == owner and one.trashed is trashed and all(true(one) for true in says)
        ]
        view = View(text=text, shelf=Shelf.TRASH if trashed else Shelf.ALL, order=order)
        assert everything(Library(owner, database), view, chance.choice([1, 7, 100])) == in_order(wanted, order), text
        found += len(wanted)
    assert found > QUERIES  # the queries are no empty ones


def test_every_filter_word_finds_what_is_true_and_no_word_is_left_out(database: Database, tmp_path: Path) -> None:
    chance = random.Random(6)
    facts = fill(database, chance, 120, tmp_path)
    tried = {"in:trash"}
    empty = set()
    for text, says in filters(chance):
        tried.add(text)
        for trashed in (False, True):
            wanted = [one for one in facts if one.owner == "local" and one.trashed is trashed and says(one)]
            typed = f"{text} in:trash" if trashed else text
            found = everything(Library("local", database), View(text=typed), 50)
            assert found == in_order(wanted, Order.NEWEST), typed
            if not wanted and not trashed:
                empty.add(text)
    keys = {text.replace("：", ":").partition(":")[0] for text in tried}
    assert keys == set(FILTERS), "a new filter word gets its meaning in tests/library/corpus.py"
    values = {key: {text.partition(":")[2] for text in tried if text.startswith(key)} for key in ("has:", "is:")}
    assert {HAS[one] for one in values["has:"]} == set(HAS.values())
    assert {IS[one] for one in values["is:"]} == set(IS.values())
    nothing = {"is:demo", "tag:none-such", "state:running", "cost:<1CNY"}
    assert {one for one in empty if not one.startswith(("rating:", "on:"))} <= nothing


def test_hits_in_the_prompt_come_first_and_each_hit_comes_once(database: Database, tmp_path: Path) -> None:
    chance = random.Random(3)
    facts = [one for one in fill(database, chance, 100, tmp_path) if one.owner == "local" and not one.trashed]
    for word in ("boat", "夜", "slow", "neon 城", '"slow push"'):
        anywhere = everything(Library("local", database), View(text=word), 9)
        first = everything(Library("local", database), View(text=word, order=Order.PROMPT), 9)
        holds = holds_phrase if '"' in word else lambda text, typed: holds_words([text], typed)
        in_prompt = {one.id for one in facts if holds(one.prompt, word.strip('"'))}
        places = [id in in_prompt for id in first]
        assert sorted(first) == sorted(anywhere)
        assert places == sorted(places, reverse=True)


def test_a_beginning_of_any_length_finds_what_a_scan_finds(database: Database) -> None:
    """However many words begin so: few are spelt out, of many the rows are read, or the index is asked for all."""
    chance = random.Random(5)
    syllables = [a + b for a in "bck" for b in "aeiou"] + ["夜", "景", "城"]
    words = ["".join(chance.choices(syllables, k=chance.randrange(1, 4))) for _ in range(400)]
    prompts = [" ".join(chance.choices(words, k=chance.randrange(1, 12))) for _ in range(240)]
    prompts += [f"quay{number} 1{number}" for number in range(40)]  # many words, each in one row
    chance.shuffle(prompts)
    with database.transaction() as session:
        made = [(add(session, prompt).id, prompt) for prompt in prompts]
    library = Library("local", database)
    begun = [
        *"bckqx1夜湖",
        "ba",
        "ca",
        "qu",
        "xa",
        "11",
        "夜景",
        "bab",
        "quay",
        "quay1",
        "cab k",
        "b q",
        "k 夜",
        "b rating:none",
    ]
    for text in begun:
        typed = text.removesuffix("rating:none")
        wanted = [id for id, prompt in made if holds_words([prompt], typed)]
        for order in (Order.NEWEST, Order.OLDEST, Order.PROMPT):
            limit = chance.choice([5, 48, 300])
            in_turn = wanted if order is Order.OLDEST else wanted[::-1]
            assert everything(library, View(text=text, order=order), limit) == in_turn, (text, order, limit)
        look = library.look(View(text=text), limit=20)
        assert look.count is not None
        assert look.count == len(wanted) or (look.more_than_count and 20 < look.count < len(wanted)), text


def test_an_id_is_found_by_its_beginning_and_a_word_never_finds_one_by_chance(
    database: Database, tmp_path: Path
) -> None:
    library = Library("local", database)
    mine = next(
        one for one in fill(database, random.Random(4), 30, tmp_path) if one.owner == "local" and not one.trashed
    )
    assert [card.id for card in library.look(View(text=mine.id[:10])).cards] == [mine.id]
    assert library.look(View(text=mine.id[:5])).cards == []
    assert Library("ann", database).look(View(text=mine.id)).cards == []


@pytest.mark.parametrize("shelf", [Shelf.TODAY, Shelf.WEEK, Shelf.MONTH])
def test_a_shelf_holds_its_days_and_no_others(database: Database, shelf: Shelf) -> None:
    now = utc_now()
    today = now.date()
    first = {Shelf.TODAY: today, Shelf.WEEK: today - dt.timedelta(days=6), Shelf.MONTH: today.replace(day=1)}[shelf]
    with database.transaction() as session:
        made = [(add(session, str(back), created_at=now - dt.timedelta(days=back)).id, back) for back in range(45)]
    wanted = [id for id, back in made if today - dt.timedelta(days=back) >= first]
    assert sorted(everything(Library("local", database), View(shelf=shelf), 10)) == sorted(wanted)


@pytest.mark.parametrize("offset", [0, 480, -330])
def test_a_span_is_of_the_readers_days_and_a_whole_day_needs_no_looking(database: Database, offset: int) -> None:
    """A day with more rows than are looked at for a page stands right behind the span: none of it hides the span."""
    start = dt.datetime(2026, 1, 31, 0, 30, tzinfo=dt.UTC) - dt.timedelta(minutes=offset)
    with database.transaction() as session:
        within = [add(session, "boat", created_at=start).id, add(session, "boat", created_at=start + DAY / 2).id]
        for number in range(30):
            add(session, "boat", created_at=start + DAY + dt.timedelta(minutes=number))
    view = View(text="boat on:2026-01-31", offset_minutes=offset)
    library = Library("local", database)
    assert everything(library, view, 5) == within[::-1]
    assert everything(library, View(text="before:2026-02 boat", offset_minutes=offset), 5) == within[::-1]
    if not offset:
        ask = library.asked(view).ask
        assert not ask.conditions.any
        assert ask.wanted.facets == (("d20260131",),)
        assert library.look(view).count == 2
