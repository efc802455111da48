"""What was used: tokens by day and model, unknown counted as unknown, the demo apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from db import usage as queries
from db.database import Database
from db.records import UsageRow
from services.clock import utc_now

__all__ = ["Usage", "UsageRow"]


@dataclass(frozen=True, slots=True)
class Usage:
    """One person's usage."""

    owner: str
    database: Database

    def by_day_and_model(self, days: int = 30, *, tz_offset_minutes: int = 0) -> list[UsageRow]:
        """Return sums of the last `days` days, newest first; a day is the viewer's own."""
        since = utc_now() - dt.timedelta(days=days)
        with self.database.reading() as session:
            return queries.by_day_and_model(session, self.owner, since, tz_offset_minutes)
