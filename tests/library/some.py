"""A generation without a database, for what only looks at one."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

from db.records import Generation, Video
from db.states import Outcome, State, VideoState

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def made(**said: Any) -> Generation:
    """Return a finished one with whatever is said."""
    usual: dict[str, Any] = {each.name: None for each in fields(Generation)}
    usual |= {"seq": 1, "id": "g1", "owner": "local", "nonce": "n", "state": State.DONE, "outcome": Outcome.VIDEO}
    usual |= {"prompt": "a lighthouse at dusk", "model": "m", "endpoint_name": "One", "demo": False, "content": ""}
    usual |= {"progress": (), "links": (), "task_ids": (), "flags": (), "videos": (), "favourite": False, "notes": ""}
    return Generation(**{**usual, "created_at": NOW, **said})


def film(**said: Any) -> Video:
    """Return a kept video of ten seconds, 1280 by 720."""
    usual: dict[str, Any] = {each.name: None for each in fields(Video)}
    usual |= {
        "id": "v1",
        "owner": "local",
        "generation_id": "g1",
        "state": VideoState.KEPT,
        "width": 1280,
        "height": 720,
    }
    return Video(**{**usual, "duration_seconds": 10.0, "attempts": 1, "poster": True, "created_at": NOW, **said})
