"""`run.py copy`: a whole installation goes from SQLite to a real Postgres, proved, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from db import generations, usage_totals
from db.database import Database
from db.moving import Proof
from services.errors import TransferError
from services.runtime import start
from services.settings import Settings
from services.transfer.database import copy
from tests.backup.homes import rows_of
from tests.backup.test_commands import command
from tests.db.rows import NOW, add

pytestmark = pytest.mark.postgres
NOT_COMPARED = ("sqlite_", "generation_search", "alembic_version")


def counts(url: str) -> dict[str, int]:
    """Every table of a Postgres with its number of rows."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()[0]  # type: ignore[index]  # noqa: S608
            for name in names
        }


def test_everything_is_there_and_found_and_goes_on(settings: Settings, target: str) -> None:
    before = {name: len(rows) for name, rows in rows_of(settings.home / "dailies.db").items()}

    said = command(settings, "copy", DAILIES_DATABASE_URL=target)

    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[-1] == "Start Dailies with the same DAILIES_DATABASE_URL from now on."
    assert "generations: 61 rows, the same on both sides" in said.stdout
    after = counts(target)
    assert {name: after[name] for name in before if not name.startswith(NOT_COMPARED)} == {
        name: count for name, count in before.items() if not name.startswith(NOT_COMPARED)
    }
    assert after["generation_search"] == before["search_entries"] == 61

    here = Settings(home=settings.home, database_url=target, undo_seconds=0.0, free_floor_bytes=0)
    runtime = start(here, executes=False)
    page = runtime.for_person("local").library.page(text="", limit=100)
    runtime.close()
    assert page.items
    database = Database(target)
    with database.transaction() as session:
        made = add(session, "新的一天")
    with database.reading() as session:
        assert made.seq == 62
        assert [row.id for row in generations.page(session, "local", limit=5, text="新的")] == [made.id]
    database.close()


def test_stored_json_times_and_bytes_arrive_as_they_were(settings: Settings, target: str) -> None:
    copy(replace(settings, database_url=target), print)

    with psycopg.connect(target.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT fields::text, usage::text FROM generations WHERE seq = 3").fetchone()
        data = connection.execute("SELECT data FROM raw_chunks").fetchone()
        at = connection.execute("SELECT (at AT TIME ZONE 'UTC')::text FROM audit").fetchone()
    assert row == ("null", '{"b" : 1,  "a": 1e3}')
    assert data == (bytes(range(256)),)
    assert at == ("2026-11-23 12:00:00.000001",)


def test_the_usage_sums_are_right_there_and_counted_on(settings: Settings, target: str) -> None:
    copy(replace(settings, database_url=target), print)

    database = Database(target)
    with database.transaction() as session:
        generations.claim(session, add(session).id, "w1", NOW)
        assert usage_totals.recount(session) == 0
    database.close()


def test_the_old_file_is_kept_aside_and_no_second_life_begins(settings: Settings, target: str) -> None:
    rows = rows_of(settings.home / "dailies.db")
    done = copy(replace(settings, database_url=target), print)

    assert rows_of(done.old_database) == rows
    lost = command(settings, "list")
    again = command(settings, "copy", DAILIES_DATABASE_URL=target)
    assert lost.stderr.startswith("store_lost: There was a database here")
    assert again.stderr.strip().endswith(f"It was copied before; its file is now {done.old_database}.")


def test_a_postgres_that_holds_something_is_refused(settings: Settings, target: str) -> None:
    database = Database(target)
    database.upgrade()
    with database.transaction() as session:
        add(session)
    database.close()

    said = command(settings, "copy", DAILIES_DATABASE_URL=target)

    assert said.returncode == 1
    sentence = "copy_target: The Postgres database is not empty: generations holds rows. Name an empty one."
    assert said.stderr.strip() == sentence
    assert counts(target)["generations"] == 1
    assert (settings.home / "dailies.db").exists()


def test_todays_schema_without_a_row_is_empty(settings: Settings, target: str) -> None:
    database = Database(target)
    database.upgrade()
    database.close()
    proofs: list[Proof] = []

    copy(replace(settings, database_url=target), proofs.append)

    assert {proof.table: proof.rows for proof in proofs}["generations"] == 61


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("CREATE TABLE stranger (id int)", "it has a table stranger that is not ours"),
        ("CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('0009')", "(0009)"),
        ("CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('ab12')", "newer"),
    ],
)
def test_a_postgres_of_another_form_is_refused(settings: Settings, target: str, statement: str, sentence: str) -> None:
    with psycopg.connect(target.replace("+psycopg", "")) as connection:
        connection.execute(statement.encode())
    before = counts(target)

    with pytest.raises(TransferError, match="Name an empty one") as refused:
        copy(replace(settings, database_url=target), print)

    assert sentence in str(refused.value)
    assert counts(target) == before


def test_an_older_sqlite_is_told_to_start_once(settings: Settings, target: str) -> None:
    with closing(sqlite3.connect(settings.home / "dailies.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0012'")
        connection.commit()

    with pytest.raises(TransferError, match=r"older schema \(0012\): start Dailies once, stop it, then copy"):
        copy(replace(settings, database_url=target), print)
    assert counts(target) == {}


def test_a_running_dailies_is_one_sentence(settings: Settings, target: str) -> None:
    runtime = start(settings, executes=False)

    said = command(settings, "copy", DAILIES_DATABASE_URL=target)
    runtime.close()

    assert said.stderr.strip() == "home_in_use: Dailies is running on this data folder: stop it first"


def test_a_row_that_postgres_refuses_undoes_everything(settings: Settings, target: str) -> None:
    with closing(sqlite3.connect(settings.home / "dailies.db")) as connection:
        connection.execute("UPDATE videos SET error_code = ? WHERE seq = 1", ("x" * 65,))
        connection.commit()

    with pytest.raises(TransferError, match="does not take a row of videos"):
        copy(replace(settings, database_url=target), print)
    assert counts(target) == {}
    assert (settings.home / "dailies.db").exists()


@pytest.mark.parametrize("url", ["", "sqlite:////tmp/other.db"])
def test_no_postgres_named_is_one_sentence(settings: Settings, url: str) -> None:
    said = command(settings, "copy", DAILIES_DATABASE_URL=url)

    assert said.returncode == 1
    assert said.stderr.startswith("copy_target: Set DAILIES_DATABASE_URL to the Postgres to copy to, such as")


def test_a_postgres_out_of_reach_is_said_without_its_password(settings: Settings) -> None:
    said = command(settings, "copy", DAILIES_DATABASE_URL="postgresql://me:canary@127.0.0.1:1/dailies")

    assert said.returncode == 1
    assert said.stderr.startswith("copy_failed: ")
    assert "canary" not in said.stderr


def test_nothing_here_is_one_sentence(tmp_path: Path, target: str) -> None:
    said = command(Settings(home=tmp_path / "new"), "copy", DAILIES_DATABASE_URL=target)

    assert said.stderr.strip() == f"copy_source: There is no SQLite database {tmp_path / 'new' / 'dailies.db'}."
