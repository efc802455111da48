"""A look that is cut into spans finds what a look in one go finds, whoever's rows lie at the edges."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db import generations
from db.database import Database
from db.records import Ending, Generation
from db.search_look import Look, look_at
from db.search_text import phrase, tokens
from db.search_wanted import Term, Wanted, Where
from db.states import State
from services.library.trash import Trash
from services.settings import Settings
from tests.db.rows import NOW, add

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WORDS = ["the", "slow", "camera", "boat", "夜景", "城"]


def ended(session: Session, prompt: str, owner: str) -> Generation:
    made = add(session, prompt, owner=owner)
    generations.claim(session, made.id, "w1", NOW)
    generations.end(session, made.id, "w1", Ending(state=State.DONE, content="camera boat"), NOW)
    return made


def wanted_of(chance: random.Random) -> Wanted:
    typed = " ".join(chance.choices(WORDS, k=chance.randrange(1, 4)))
    exact = phrase(typed)
    assert exact is not None
    facets = ((), (("r0", "r5"),), (("sdone",), ("r0",)))
    where = chance.choice([Where.ANYWHERE, Where.ANYWHERE, Where.PROMPT, Where.ELSEWHERE])
    terms = (Term((exact,)),) if chance.random() < 0.7 else (Term(tuple(tokens(typed))),)
    return Wanted(terms, chance.choice(facets), where=where)


def step_by_step(look: Look, wanted: Wanted, seconds: float) -> list[int]:
    found, place = [], None
    while True:
        hits = look.hits(wanted, place, 1_000, seconds=seconds)
        found += hits.seqs
        if hits.stopped is None:
            return found
        assert place is None or (hits.stopped > place) is look.oldest_first, "each look goes on"
        place = hits.stopped


@pytest.mark.parametrize("oldest_first", [False, True])
def test_spans_of_any_width_miss_nothing_and_add_nothing(
    database: Database, tmp_path: Path, oldest_first: bool
) -> None:
    chance = random.Random(11)
    with database.transaction() as session:
        made = [
            ended(session, " ".join(chance.choices(WORDS, k=5)), chance.choice(["local", "local", "ann"]))
            for _ in range(60)
        ]
    Trash("local", database, Settings(home=tmp_path)).put([one.id for one in made if one.owner == "local"][::7])
    cut = 0
    for _ in range(60):
        wanted, span, seconds = wanted_of(chance), chance.choice([1, 2, 5, 30, 200]), chance.choice([0.0, 1.0])
        with database.reading() as session:
            whole = look_at(session, "local", wanted, oldest_first=oldest_first)
            look = look_at(session, "local", wanted, oldest_first=oldest_first, span=span)
            assert whole
            assert look
            in_one_go = whole.hits(wanted, None, 1_000).seqs
            assert step_by_step(look, wanted, seconds) == in_one_go, (wanted, span)
            assert in_one_go == sorted(in_one_go, reverse=not oldest_first)
            cut += look.hits(wanted, None, 1_000, seconds=0).stopped is not None
    assert cut > 10, "spans were cut"


def test_what_is_enough_is_not_waited_for_and_the_rest_is_only_counted(database: Database) -> None:
    with database.transaction() as session:
        seqs = [add(session, "the slow camera").seq for _ in range(40)]
    exact = phrase("slow camera")
    assert exact is not None
    wanted = Wanted((Term((exact,)),))
    with database.reading() as session:
        look = look_at(session, "local", wanted, span=4)
        assert look
        hits = look.hits(wanted, None, 30, seconds=0, enough=3)

    assert hits.stopped is None
    assert hits.more
    assert len(hits.seqs) >= 3
    assert hits.seqs == seqs[::-1][: len(hits.seqs)]
