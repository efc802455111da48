"""Rows as tests want them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from db import generations
from db.records import Generation

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def add(session: Session, prompt: str = "a lighthouse at dusk", **changes: Any) -> Generation:
    """Insert a queued generation of `local` with whatever `changes` says."""
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "owner": "local",
        "nonce": uuid.uuid4().hex,
        "prompt": prompt,
        "model": "sora-2",
        "endpoint_id": "e1",
        "endpoint_name": "One",
        "base_url": "https://api.example",
        "created_at": NOW,
    }
    return generations.insert(session, **(values | changes))
