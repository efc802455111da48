"""What is unfinished of one person is found by its own index, however much that person ever made."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db import generations
from db.conditional import unfinished_of
from db.database import Database
from db.tables import GenerationRow
from tests.db.rows import add


def test_the_index_of_what_is_unfinished_is_used(database: Database) -> None:
    if database.dialect != "sqlite":
        pytest.skip("Postgres counts its rows and chooses by itself")
    statement = select(GenerationRow.id).where(*unfinished_of("local"))
    with database.reading() as session:
        assert "ix_generations_unfinished" in plan(session, str(statement.compile(session.get_bind())))


def plan(session: Session, statement: str) -> str:
    marks = {f"p{number}": "" for number in range(statement.count("?"))}
    for name in marks:
        statement = statement.replace("?", f":{name}", 1)
    return " ".join(str(row) for row in session.execute(text(f"EXPLAIN QUERY PLAN {statement}"), marks))


def test_nobody_sees_what_waits_for_another(database: Database) -> None:
    with database.transaction() as session:
        mine, theirs = add(session), add(session, owner="someone")
    with database.reading() as session:
        assert [one.id for one in generations.in_line(session, "local")] == [mine.id]
        assert [one.id for one in generations.in_line(session, "someone")] == [theirs.id]
        assert [id for id, _ in generations.standing(session, "local")] == [mine.id]
