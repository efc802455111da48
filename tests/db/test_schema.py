"""The schema: one story in the tables and the migrations, never half done, never turned back."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from db import generations
from db.budget_tables import BudgetRow
from db.composer_tables import TemplateRow
from db.database import Database, LostDatabaseError, NewerSchemaError
from db.engines import parse
from db.money_tables import PriceRuleRow
from db.night_tables import NightRow
from db.people_tables import PersonRow
from db.prompt_keys import PromptKeyRow
from db.relay_tables import BalanceRow
from db.schema import MIGRATIONS, known_revisions
from db.tables import Base
from db.usage_tables import UsageLineRow
from tests.db.rows import add

PROJECT = Path(__file__).parents[2]


def test_the_migrations_make_what_the_tables_say(database: Database, database_url: str) -> None:
    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or not str(name).startswith("generation_search")

    engine = create_engine(parse(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})
        apart = (TemplateRow, NightRow, PriceRuleRow, BalanceRow, BudgetRow, UsageLineRow, PersonRow, PromptKeyRow)
        kept = {table.__tablename__ for table in apart}
        assert kept <= set(Base.metadata.tables)
        assert compare_metadata(context, Base.metadata) == []
        if connection.dialect.name == "postgresql":  # what was just indexed waits in a list that each search reads
            named = "SELECT reloptions FROM pg_class WHERE relname = 'ix_generation_search_document'"
            assert connection.scalar(text(named)) == ["gin_pending_list_limit=256"]
    engine.dispose()


def test_the_file_names_tell_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [known_revisions()[-1]]


def test_after_a_migration_what_is_inserted_is_found(database: Database) -> None:
    database.upgrade()
    with database.transaction() as session:
        made = add(session, "夜景")
    with database.reading() as session:
        assert [row.id for row in generations.page(session, "local", limit=5, text="夜")] == [made.id]


def test_a_newer_schema_is_refused_and_left_alone(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError):
        database.upgrade()
    with database.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_many_may_start_at_once_on_an_empty_database(database_url: str) -> None:
    def start(_: int) -> None:
        opened = Database(database_url)
        opened.upgrade()
        opened.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(8)))


def test_alembic_is_not_loaded_when_there_is_nothing_to_migrate(database: Database, database_url: str) -> None:
    script = (
        "import sys; from db.database import Database; one = Database(sys.argv[1]); one.upgrade(); one.ping();"
        " one.close(); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, database_url], check=True, cwd=PROJECT)


def test_a_database_that_was_emptied_is_not_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "dailies.db"
    opened = Database(f"sqlite:///{file}")
    opened.upgrade()
    opened.close()
    file.write_bytes(b"")
    again = Database(f"sqlite:///{file}")
    with pytest.raises(LostDatabaseError):
        again.upgrade()
    again.close()


def test_a_backup_taken_while_others_write_can_be_opened(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    opened.upgrade()
    with opened.transaction() as session:
        made = add(session)
    with opened.transaction() as session:
        add(session)
        session.rollback()
    opened.backup(tmp_path / "copy.db")
    assert opened.integrity_faults() == []
    opened.close()
    copy = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    copy.upgrade()
    with copy.reading() as session:
        assert [row.id for row in generations.page(session, "local", limit=5)] == [made.id]
    copy.close()


def test_a_migration_that_fails_leaves_nothing_half_done(database_url: str) -> None:
    opened = Database(database_url)
    with opened.transaction() as session:
        session.execute(text("CREATE TABLE workers (taken INTEGER)"))  # the last but one table of the first migration
    with pytest.raises(DBAPIError):
        opened.upgrade()
    with opened.reading() as session:
        assert inspect(session.connection()).get_table_names() == ["workers"]
    opened.close()
