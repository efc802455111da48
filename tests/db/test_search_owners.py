"""Words alone are looked up whoever's they are, and each row is asked whose it is; who has few of them finds all."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import pytest

from db import generations
from db.database import Database
from db.search import find, find_some
from db.search_look import MANY_ENOUGH
from db.search_text import tokens
from db.search_wanted import Term, Wanted
from db.states import State
from services.library.trash import Trash
from services.settings import Settings
from tests.db.rows import NOW

BOAT = Wanted((Term(tuple(tokens("boat"))),))


def keep(database: Database, owners: list[str]) -> list[str]:
    """Insert finished generations with one word, oldest first; return their ids."""
    same = {"state": State.DONE, "model": "sora-2", "created_at": NOW, "prompt": "a boat"}
    where = {"endpoint_id": "e", "endpoint_name": "E", "base_url": "https://e.example"}
    ids = [uuid.uuid4().hex for _ in owners]
    rows = [{"id": id, "nonce": id, "owner": owner} for id, owner in zip(ids, owners, strict=True)]
    with database.transaction() as session:
        generations.insert_many(session, [{**same, **where, **row} for row in rows])
    return ids


@pytest.mark.parametrize("oldest_first", [False, True])
def test_who_has_few_of_many_rows_finds_all_of_them_page_by_page(
    database: Database, tmp_path: Path, oldest_first: bool
) -> None:
    owners = ["local"] * 20 + ["ann"] * (MANY_ENOUGH * 2) + ["local", "ann"] * 20 + ["local"] * 20
    ids = keep(database, owners)
    thrown = [id for id, owner in zip(ids, owners, strict=True) if owner == "local"][::9]
    Trash("local", database, Settings(home=tmp_path)).put(thrown)
    with database.reading() as session:
        seq_of = {row.id: row.seq for row in generations.of_ids(session, "local", ids)}
        expected = sorted((seq_of[id] for id in seq_of if id not in thrown), reverse=True)
        assert len(expected) == 60 - len(thrown)
        found: list[int] = []
        chance = random.Random(7)
        while True:
            size = chance.choice([1, 7, 30])
            beyond = found[-1] if found else None
            page = find_some(session, "local", BOAT, beyond=beyond, limit=size, oldest_first=oldest_first).seqs
            found += page
            if len(page) < size:
                break

        assert found == (expected[::-1] if oldest_first else expected)
        assert find(session, "local", BOAT, limit=1_000) == expected
        assert find(session, "nobody", BOAT, limit=1_000) == []
