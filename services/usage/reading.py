"""What was used and what it cost: by day, model, endpoint, collection, person and state; unknown counted as unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db import usage as queries
from db.database import Database
from db.usage import MODEL_BY, TOLD_BY, UsageLine, UsageSum
from services.usage.spans import Reach, Span, span

__all__ = ["MODEL_BY", "TOLD_BY", "Reach", "Span", "Usage", "UsageLine", "UsageSum"]


@dataclass(frozen=True, slots=True)
class Usage:
    """One person's usage. The sums are kept as rows change (docs/adr/0028): nothing here reads a generation."""

    owner: str
    database: Database

    def span(self, reach: Reach, now: dt.datetime, *, own: tuple[dt.date, dt.date] | None = None) -> Span:
        """Return the days or months of a reach, for a reader whose clock shows `now`."""
        first = None
        if reach is Reach.ALL:
            with self.database.reading() as session:
                first = queries.first_at(session, self.owner)
        return span(reach, now, first=first, own=own)

    def sums(self, of: Span, *, everybody: bool = False) -> list[UsageSum]:
        """Return all sums of a span, what was never sent among them; `everybody`: not mine alone."""
        with self.database.reading() as session:
            return queries.sums(session, None if everybody else self.owner, of.edges)

    def daily(self, of: Span) -> list[UsageSum]:
        """Return what a table of days or months tells: prompts, all tokens and money; nothing else is in these."""
        with self.database.reading() as session:
            return queries.told(session, self.owner, of.edges)

    def course(self, of: Span, names: Mapping[UsageLine, str], what: str, *, by: Sequence[str]) -> dict[str, list[int]]:
        """Return how one sum went, bucket by bucket, for lines added up under a name that hangs on `by`; for charts."""
        with self.database.reading() as session:
            return queries.course(session, self.owner, of.edges, names, what, by)

    def by_collection(self, of: Span) -> tuple[list[UsageSum], dict[int, str]]:
        """Return the sums of each collection, and the names; one generation may be in several."""
        with self.database.reading() as session:
            sums = queries.sums(session, self.owner, of.edges, which=queries.EACH)
            return sums, queries.collection_names(session, self.owner)

    def unfinished(self) -> int:
        """Return how many have not ended: they are in no sum yet."""
        with self.database.reading() as session:
            return queries.unfinished(session, self.owner)
