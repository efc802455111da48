"""Pages stay as they were while rows arrive, and no page looks through more than it may."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from db import generations
from db import library as queries
from db.database import Database
from db.library_records import Ask, Conditions, Number
from db.records import Ending
from db.search import Counted
from db.states import State
from services.library.browsing import Library, Order, View
from tests.db.rows import NOW, add

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def made_done(session: Session, prompt: str) -> str:
    made = add(session, prompt)
    generations.claim(session, made.id, "w1", NOW)
    generations.end(session, made.id, "w1", Ending(state=State.DONE, content="."), NOW)
    return made.id


def test_what_arrives_meanwhile_moves_no_later_page(database: Database) -> None:
    with database.transaction() as session:
        before = [add(session, f"boat {number}").id for number in range(30)]
    library = Library("local", database)
    for order in (Order.NEWEST, Order.RATING, Order.PROMPT):
        seen: list[str] = []
        after = ""
        while True:
            look = library.look(View(text="boat", order=order), after=after, limit=7)
            seen += [card.id for card in look.cards]
            with database.transaction() as session:
                add(session, "boat just now")
            if not look.next:
                break
            after = look.next
        assert [id for id in seen if id in before] == before[::-1]
        assert len(seen) == len(set(seen))


def test_a_page_ends_where_a_stack_ends_and_the_next_one_goes_on_behind_it(database: Database) -> None:
    run, other = "A lighthouse keeper climbs the spiral stair at dusk while rain runs down", "Two dancers on a roof {}"
    with database.transaction() as session:
        made = [made_done(session, other.format(number)) for number in range(3)]
        made += [made_done(session, run) for _ in range(6)]
        made += [made_done(session, f"{other.format(number)} at night") for number in range(4)]
    library = Library("local", database)
    for order in (Order.NEWEST, Order.RATING):
        first = library.look(View(order=order), limit=6, to_stacks_end=True)
        assert [card.id for card in first.cards] == made[:2:-1], "four others, and all six of the run"
        second = library.look(View(order=order), limit=6, after=first.next, to_stacks_end=True)
        assert [card.id for card in second.cards] == made[2::-1]
        assert second.next == ""
    apart = library.look(View(), limit=6)
    assert [card.id for card in apart.cards] == made[:6:-1]
    whole = library.look(View(text="lighthouse"), limit=4, to_stacks_end=True)
    assert (len(whole.cards), whole.next, whole.count) == (6, "", 6)


def test_a_page_that_looks_at_rows_gives_up_and_goes_on(database: Database) -> None:
    with database.transaction() as session:
        rare = add(session, "the first one", created_at=NOW - dt.timedelta(days=1)).id
        for number in range(60):
            add(session, str(number))
    ask = Ask(conditions=Conditions(before=NOW))
    with database.reading() as session:
        found = queries.page(session, "local", ask, limit=5, look=10)
        assert (found.seqs, found.given_up) == ((), True)
        steps = 1
        while found.next is not None:
            found = queries.page(session, "local", ask, after=found.next, limit=5, look=10)
            steps += 1
        assert [card.id for card in queries.cards(session, "local", found.seqs)] == [rare]
        assert steps < 10
        no_figures = Ask(conditions=Conditions(numbers=(Number("total_tokens", ">", 1),)))
        assert queries.page(session, "local", no_figures, limit=5).seqs == ()


def test_counts_are_exact_or_honest(database: Database) -> None:
    with database.transaction() as session:
        for number in range(12):
            add(session, f"boat {number}")
    library = Library("local", database)

    assert (library.look(View(text="boat")).count, library.look(View(text="boat")).more_than_count) == (12, False)
    assert library.look(View(text="boat tokens:>1")).count is None
    with database.reading() as session:
        assert queries.count(session, "local", Ask(), at_most=5) == Counted(5, more=True)
        assert queries.count(session, "local", Ask(), at_most=12) == Counted(12)
