"""A data folder as the release before left it when it was killed: finished answers, and eight in flight."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, create_engine, insert

from db.schema import MIGRATIONS, known_revisions

ENDED, IN_FLIGHT = 400, 8
TEXT = "what had come "
PIECES = 20


def make_old(home: Path) -> list[str]:
    """Make the folder; return its prompts, of which the last eight were streaming. Nothing if no release was older.

    Rows are written as that revision's own tables want them, whatever today's look like.
    """
    home.mkdir(parents=True)
    older = known_revisions()[:-1]
    if not older:
        return []
    engine = create_engine(f"sqlite:///{home / 'dailies.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    with engine.begin() as connection:
        _migrate(connection, older[-1])
        generations = Table("generations", MetaData(), autoload_with=connection)
        deltas = Table("deltas", MetaData(), autoload_with=connection)
        rows = [_row(number, number >= ENDED) for number in range(ENDED + IN_FLIGHT)]
        connection.execute(insert(generations), rows)
        for row in rows:
            if row["state"] == "streaming":
                piece = {"generation_seq": row["seq"], "kind": "c", "text": TEXT}
                connection.execute(insert(deltas), [piece] * PIECES)
    engine.dispose()
    (home / "dailies.db.made").touch()
    return [str(row["prompt"]) for row in rows]


def _row(number: int, in_flight: bool) -> dict[str, Any]:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return {
        "seq": number + 1,
        "id": f"{number:024x}",
        "owner": "local",
        "nonce": f"n{number}",
        "state": "streaming" if in_flight else "done",
        "priority": 0,
        "prompt": f"old prompt {number}",
        "endpoint_id": "environment",
        "endpoint_name": "old",
        "base_url": "http://127.0.0.1:9",
        "model": "m",
        "demo": False,
        "content": "" if in_flight else TEXT * 200,
        "reasoning": "",
        "progress": [],
        "links": [],
        "task_ids": [],
        "flags": [],
        "worker": _worker() if in_flight else "gone",
        "cancel_requested": False,
        "created_at": at,
        "sent_at": at,
        "ended_at": None if in_flight else at,
    }


def _worker() -> str:
    from services.jobs.slot import Slot

    return Slot(Path()).name


def _migrate(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
