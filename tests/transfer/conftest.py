"""A real Postgres, empty, and a stopped installation on SQLite that is full of everything."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db import preferences
from services.settings import Settings
from tests.backup.homes import keep_video, open_home
from tests.library.corpus import fill
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A stopped data folder with a library of two people, videos, an answer in pieces and all sorts of values."""
    settings = Settings(home=tmp_path / "home", undo_seconds=0.0, free_floor_bytes=0)
    database = open_home(settings)
    fill(database, random.Random(7), 60, settings.home)
    keep_video(database, settings.home)
    with database.transaction() as session:
        preferences.set(session, "local", "language", "zh_CN")
        session.execute(
            text("UPDATE generations SET fields = 'null', usage = '{\"b\" : 1,  \"a\": 1e3}' WHERE seq = 3")
        )
        session.execute(text("INSERT INTO deltas (generation_seq, kind, text) VALUES (1, 'c', '夜 ✂️')"))
        session.execute(
            text("INSERT INTO raw_chunks (generation_seq, at_seconds, data) VALUES (1, 0.1, :data)"),
            {"data": bytes(range(256))},
        )
        session.execute(
            text("INSERT INTO audit (at, who, action, what) VALUES ('2026-11-23 12:00:00.000001', 'p', 'sent', 'x')")
        )
    database.close()
    return settings


@pytest.fixture
def target(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty Postgres."""
    name = f"copy_{uuid.uuid4().hex}"
    postgres_server.execute(f"CREATE DATABASE {name}")
    yield postgres_server.url(name).replace("postgresql://", "postgresql+psycopg://")
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")
