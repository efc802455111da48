"""What the totals say of all there is, wherever it lies now."""

from __future__ import annotations

import datetime as dt

from db import usage
from db.database import Database

EDGES = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2020, 2060)]


def everything(database: Database, owner: str = "local") -> tuple[int, int, int]:
    """Return how many were counted, how many told their tokens, and these."""
    with database.reading() as session:
        found = [one for one in usage.sums(session, owner, EDGES) if one.line.sent]
    return (
        sum(one.generations for one in found),
        sum(one.total_told for one in found),
        sum(one.total_tokens for one in found),
    )
