"""Keys of prompts: the near-same are found as if every prompt were compared; older rows get theirs by and by."""

from __future__ import annotations

import random
import threading
import uuid

from sqlalchemy import delete, func, insert, select

from db import generations, prompt_keys, trash
from db.base import core_table
from db.database import Database
from db.prompt_keys import PromptKeyRow, PromptKeysLeftRow
from db.states import State
from db.tables import GenerationRow
from services.library.already_made import FEWEST_PIECES, AlreadyMade
from services.prompts.likeness import NEAR, likeness, signature
from services.prompts.vocabulary import LISTS, words
from services.remembering import Remembering
from tests.db.rows import NOW, add
from tests.waiting import wait_until

WORDS = [(word.en, word.zh) for name in LISTS for word in words(name)]
SHARES = [1 / (place + 3) for place in range(len(WORDS))]
WHO = (
    ("a lighthouse keeper climbs", "灯塔守望者在爬楼梯"),
    ("two dancers on a roof", "屋顶上的两位舞者"),
    ("an old tram crosses the square", "老电车穿过广场"),
)
SIGNS = (", ", "，")


def prompt(chance: random.Random) -> list[str]:
    """Return the phrases of a prompt in one of the two languages, the language first."""
    tongue = chance.randrange(2)
    said = [chance.choice(WHO), *chance.choices(WORDS, SHARES, k=chance.randint(9, 16))]
    return [SIGNS[tongue], *(each[tongue] for each in said)]


def edited(parts: list[str], chance: random.Random) -> list[str]:
    """Return what a person makes of a prompt: a phrase other, less or more, another order, or one more word."""
    sign, *said = parts
    for _ in range(chance.randint(1, 4)):
        place, other = chance.randrange(len(said)), chance.choice(WORDS)[SIGNS.index(sign)]
        match chance.randrange(5):
            case 0:
                said[place] = other
            case 1 if len(said) > 2:
                said.pop(place)
            case 2:
                said.insert(place, other)
            case 3:
                chance.shuffle(said)
            case _:
                said[place] += " once" if sign == ", " else "了"
    return [sign, *said]


def text(parts: list[str]) -> str:
    """Return the prompt as it is sent."""
    return parts[0].join(parts[1:])


def keep(database: Database, prompts: list[str]) -> None:
    """Insert finished generations of these prompts."""
    same = {"owner": "local", "state": State.DONE, "model": "sora-2", "created_at": NOW}
    where = {"endpoint_id": "e", "endpoint_name": "E", "base_url": "https://e.example"}
    rows = [{"id": uuid.uuid4().hex, "nonce": str(place), "prompt": one} for place, one in enumerate(prompts)]
    with database.transaction() as session:
        generations.insert_many(session, [{**same, **where, **row} for row in rows])


def test_what_a_look_at_every_prompt_would_find_is_found(database: Database) -> None:
    chance = random.Random(20261123)
    made = [prompt(chance) for _ in range(250)]
    made += [edited(chance.choice(made), chance) for _ in range(250)]
    compared = [signature(text(one)) for one in made]
    keep(database, [text(one) for one in made])
    look = AlreadyMade("local", database)

    expected, found = [], []
    for _ in range(120):
        asked = text(edited(chance.choice(made), chance))
        mine = signature(asked)
        best = max(likeness(mine, other) for other in compared)
        expected.append(round(best, 6) if best >= NEAR and sum(mine.values()) >= FEWEST_PIECES else None)
        seen = look.look(asked, "sora-2")
        found.append(round(seen[0].likeness, 6) if seen else None)
    missed = [one for one, best in zip(found, expected, strict=True) if one != best]
    assert len(missed) <= 1  # prompts whose parts that hash smallest are all others: one of some thousands
    assert sum(one is not None for one in expected) > 40  # else this test says nothing


def test_what_failed_a_hundred_times_hides_nothing(database: Database) -> None:
    said = text(prompt(random.Random(1)))
    with database.transaction() as session:
        done = add(session, said)
        for _ in range(100):
            add(session, said, state=State.FAILED)
    look = AlreadyMade("local", database)

    assert [one.generation.id for one in look.look(said, "sora-2")] == [done.id]
    assert [one.generation.id for one in look.look(said + " 7", "sora-2")] == [done.id]


def test_what_is_deleted_leaves_no_key(database: Database) -> None:
    with database.transaction() as session:
        one = add(session, text(prompt(random.Random(2))), state=State.FAILED)
        assert session.scalar(select(func.count()).select_from(PromptKeyRow))
        assert trash.put(session, "local", [one.id], NOW) == [one.id]
        trash.delete_for_ever(session, "local", NOW, ids=[one.id], limit=9)
        assert session.scalar(select(func.count()).select_from(PromptKeyRow)) == 0


def test_rows_of_before_there_were_keys_get_theirs_beside_the_work(database: Database) -> None:
    chance = random.Random(3)
    said = [text(prompt(chance)) for _ in range(230)]
    keep(database, said)
    with database.transaction() as session:
        before = session.execute(select(core_table(PromptKeyRow)).order_by(PromptKeyRow.key)).all()
        session.execute(delete(PromptKeyRow))
        session.execute(insert(PromptKeysLeftRow).values(seq=len(said)))
    look = AlreadyMade("local", database)
    assert look.look(said[0], "sora-2") == ()

    remembering = Remembering(database, first_seconds=0.0)
    remembering.begin()

    def is_filled() -> bool:
        with database.reading() as session:
            return prompt_keys.is_filled(session)

    wait_until(is_filled)
    remembering.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "prompt-keys"]
    with database.reading() as session:
        assert session.execute(select(core_table(PromptKeyRow)).order_by(PromptKeyRow.key)).all() == before
        assert session.scalar(select(func.count()).select_from(GenerationRow)) == len(said)
    assert look.look(said[0], "sora-2")[0].same
