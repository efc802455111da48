"""What the last answers of an endpoint cost: a bounded look, for a warning."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.base import core_table
from db.tables import GenerationRow

LOOKED_AT = 200  # of an owner's newest
MOST = 20

_ROW = core_table(GenerationRow).c
_NEWEST = (
    select(_ROW.seq)
    .where(_ROW.owner == bindparam("of"), _ROW.trashed_at.is_(None))
    .order_by(_ROW.seq.desc())
    .limit(LOOKED_AT)
    .subquery()
)
_COSTS = (
    select(_ROW.cost_nano, _ROW.cost_currency)
    .where(
        _ROW.seq.in_(select(_NEWEST.c.seq)),
        _ROW.endpoint_id == bindparam("at"),
        _ROW.cost_nano.is_not(None),
        _ROW.imported_at.is_(None),
    )
    .order_by(_ROW.seq.desc())
    .limit(MOST)
)


def of_endpoint(session: Session, owner: str, endpoint_id: str) -> list[tuple[int, str]]:
    """Return the last known costs, as billionths and currency, newest first."""
    found = session.execute(_COSTS, {"of": owner, "at": endpoint_id})
    return [(row.cost_nano, row.cost_currency) for row in found]
