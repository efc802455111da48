"""Queries about acts of re-pricing: each is written down before it begins and again after each of its parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.base import core_table
from db.conditional import changes
from db.money_tables import RepricingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Repricing:
    """Who had old costs computed anew, why, for which, and what changed: billionths by currency before and after."""

    id: str
    owner: str
    by: str
    reason: str
    scope: Mapping[str, Any]
    began_at: dt.datetime
    looked_at: int = 0
    changed: int = 0
    before: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, int] = field(default_factory=dict)
    ended_at: dt.datetime | None = None


_R = core_table(RepricingRow)


def begin(session: Session, repricing: Repricing) -> None:
    """Write down that it begins."""
    session.execute(_R.insert().values(asdict(repricing)))


def note(session: Session, repricing: Repricing) -> bool:
    """Write down how far it is; False if it has ended."""
    values = asdict(repricing)
    columns = {name: values[name] for name in ("looked_at", "changed", "before", "after", "ended_at")}
    return changes(session, update(_R).where(_R.c.id == repricing.id, _R.c.ended_at.is_(None)).values(columns))


def newest(session: Session, owner: str, limit: int) -> list[Repricing]:
    """Return an owner's last acts, newest first."""
    columns = [_R.c[name] for name in Repricing.__dataclass_fields__]
    found = session.execute(select(*columns).where(_R.c.owner == owner).order_by(_R.c.seq.desc()).limit(limit))
    return [Repricing(**row._mapping) for row in found]
