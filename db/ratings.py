"""What was rated, newest first, with what it was made of: found by the search index, never more than is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import search
from db.search_wanted import Wanted
from db.tables import GenerationRow

BATCH = 500
_RATED = Wanted(facets=(tuple(f"r{stars}" for stars in range(1, 6)),))


@dataclass(frozen=True, slots=True)
class Rated:
    """One rated generation."""

    id: str
    parent_id: str | None
    rating: int
    model: str
    prompt: str
    fields: dict[str, Any] | None
    demo: bool
    created_at: dt.datetime


_COLUMNS = tuple(getattr(GenerationRow, name) for name in Rated.__dataclass_fields__)


def newest(session: Session, owner: str, *, limit: int) -> list[Rated]:
    """Return an owner's rated generations outside the trash, newest first."""
    seqs = search.find(session, owner, _RATED, limit=limit)
    found: list[Rated] = []
    for batch in _batches(seqs):
        statement = select(*_COLUMNS).where(GenerationRow.seq.in_(batch), GenerationRow.owner == owner)
        rows = session.execute(statement.order_by(GenerationRow.seq.desc()))
        found += [Rated(**row._mapping) for row in rows]
    return found


def of_ids(session: Session, owner: str, ids: Collection[str]) -> list[Rated]:
    """Return those of these generations that are the owner's and rated."""
    mine = GenerationRow.owner == owner, GenerationRow.rating.is_not(None)
    found: list[Rated] = []
    for batch in _batches(sorted(ids)):
        rows = session.execute(select(*_COLUMNS).where(GenerationRow.id.in_(batch), *mine))
        found += [Rated(**row._mapping) for row in rows]
    return found


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    left = iter(values)
    while batch := list(islice(left, BATCH)):
        yield batch
