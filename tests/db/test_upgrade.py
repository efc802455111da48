"""A filled database of every released version comes to today's schema with all it held."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, create_engine, text

from db import generations, pastes, rescue, videos
from db.database import Database
from db.engines import parse
from db.schema import MIGRATIONS, known_revisions
from db.states import State

AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def at_revision(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def fill_0001(connection: Connection) -> None:
    """Write as the first version wrote: a lost prompt, a film whose saving failed, an answer still coming."""
    tables = {name: Table(name, MetaData(), autoload_with=connection) for name in ("generations", "videos", "deltas")}
    lists: dict[str, Any] = {"progress": [], "links": [], "task_ids": [], "flags": []}
    at: Any = AT if connection.dialect.name == "postgresql" else AT.replace(tzinfo=None)

    def row(id: str, state: str, **more: Any) -> dict[str, Any]:
        fixed = {
            "id": id, "owner": "local", "nonce": f"n-{id}", "state": state, "priority": 0, "prompt": f"夜景 {id}",
            "endpoint_id": "e1", "endpoint_name": "One", "base_url": "https://api.example", "model": "sora-2",
            "demo": False, "content": f"text of {id}", "reasoning": "", "cancel_requested": False, "created_at": at,
        }  # fmt: skip
        return {**fixed, **lists, **more}

    for given in (
        row("lost", "unknown", sent_at=at, ended_at=at, error_code="worker_lost"),
        row("film", "done", outcome="video", sent_at=at, ended_at=at, total_tokens=21),
        row("coming", "streaming", sent_at=at, worker="w1"),
    ):
        columns = {c.name: c for c in tables["generations"].columns}
        values = {
            k: json.dumps(v) if k in lists and "JSON" not in str(columns[k].type) else v for k, v in given.items()
        }
        connection.execute(tables["generations"].insert().values(**values))
    connection.execute(
        tables["videos"].insert().values(
            id="v1", owner="local", generation_id="film", source_url="https://cdn.example/a.mp4", source_key="k",
            state="failed", attempts=3, poster=False, error_code="video_link_gone", created_at=at,
        )
    )  # fmt: skip
    connection.execute(tables["deltas"].insert().values(generation_seq=3, kind="c", text="half"))


def test_a_filled_database_of_the_first_version_keeps_everything(database_url: str) -> None:
    engine = create_engine(parse(database_url))
    with engine.begin() as connection:
        at_revision(connection, "0001")
        fill_0001(connection)
    engine.dispose()

    opened = Database(database_url)
    opened.upgrade()
    with opened.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == known_revisions()[-1]
        rows = {one.id: one for one in generations.page(session, "local", limit=9)}
        lost = rows["lost"]
        assert (lost.state, lost.content, lost.created_at) == (State.UNKNOWN, "text of lost", AT)
        assert (lost.charged, lost.charged_at, lost.dismissed_at) == (None, None, None)
        assert rows["film"].total_tokens == 21
        assert [(v.error_code, v.attempts, v.paste_id) for v in rows["film"].videos] == [("video_link_gone", 3, None)]
        assert [one.id for one in rescue.page(session, "local", limit=9)] == ["film", "lost"]
        assert [one.id for one in generations.unfinished(session, "local")] == ["coming"]
        assert session.scalar(text("SELECT text FROM deltas")) == "half"
        assert (lost.favourite, lost.rating, lost.notes, lost.trashed_at) == (False, None, "", None)
        assert [one.id for one in generations.page(session, "local", limit=9, text="夜景 film")] == ["film"]
        assert [one.id for one in generations.page(session, "local", limit=9, text="text of lost")] == ["lost"]
        assert session.scalar(text("SELECT model FROM used_models WHERE owner = 'local'")) == "sora-2"
    with opened.transaction() as session:
        assert rescue.set_charged(session, "local", "lost", True, AT)
        pastes.add(session, id="p", owner="local", generation_id="lost", text="x", links=[], task_ids=[], at=AT)
        videos.add(
            session, id="v2", owner="local", generation_id="lost", source_url="https://cdn.example/b.mp4", at=AT,
            paste_id="p",
        )  # fmt: skip
    opened.close()
