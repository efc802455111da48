"""Backups across versions: one before each migration, and an old one is brought up to date when it is put back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from db import generations
from db.engines import parse, writing_engine
from db.schema import MIGRATIONS, known_revisions
from services.backup.make import make
from services.backup.restore import restore
from services.backup.store import all_of
from services.runtime import start
from services.settings import Settings
from tests.backup.homes import open_home, rows_of
from tests.db.rows import NOW

OLD = known_revisions()[:-1]


def old_home(settings: Settings, revision: str) -> Path:
    """Make a data folder as an older Dailies left it, with one finished prompt."""
    settings.home.mkdir(parents=True)
    file = settings.home / "dailies.db"
    engine = writing_engine(parse(f"sqlite:///{file}"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "INSERT INTO generations (id, owner, nonce, state, priority, prompt, endpoint_id, endpoint_name, base_url,"
            " model, demo, content, reasoning, progress, links, task_ids, flags, cancel_requested, created_at)"
            " VALUES ('g1', 'local', 'n1', 'done', 0, 'an old prompt', 'e', 'E', 'https://api.example', 'm', 0,"
            " 'its answer', '', '[]', '[]', '[]', '[]', 0, ?)",
            (NOW.isoformat(sep=" "),),
        )
        connection.commit()
    file.with_name("dailies.db.made").touch()
    return file


@pytest.mark.parametrize("revision", OLD)
def test_an_old_backup_is_brought_up_to_date(settings: Settings, revision: str) -> None:
    made = make(settings, old_home(settings, revision))

    restore(settings, made)

    database = open_home(settings)
    with database.reading() as session:
        kept = generations.get(session, "local", "g1")
    database.close()
    assert made.schema_revision == revision
    assert kept is not None
    assert (kept.prompt, kept.content) == ("an old prompt", "its answer")
    assert rows_of(settings.home / "dailies.db")["alembic_version"] == [(known_revisions()[-1],)]


@pytest.mark.parametrize("revision", OLD)
def test_before_a_migration_a_backup_is_made(settings: Settings, revision: str) -> None:
    old_home(settings, revision)

    start(settings, executes=False).close()

    assert [(one.kind, one.schema_revision) for one in all_of(settings)] == [("migration", revision)]


def test_without_a_migration_none_is_made(settings: Settings) -> None:
    start(settings, executes=False).close()
    start(settings, executes=False).close()

    assert all_of(settings) == []
