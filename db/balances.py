"""Queries about what endpoints said is left. Whose turn it is to ask is decided here, for all processes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.base import core_table
from db.conditional import changes
from db.relay_tables import BalanceRow

_ROW = core_table(BalanceRow).c
_NAMES = ("base_url", "figures", "read_at", "asked_at", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRecord:
    """What an endpoint told last (`figures`, at `read_at`), and what came of asking last (`answer`, at `asked_at`)."""

    base_url: str
    figures: dict[str, Any] | None
    read_at: dt.datetime | None
    asked_at: dt.datetime
    answer: str | None


def get(session: Session, owner: str, endpoint_id: str) -> BalanceRecord | None:
    """Return what is known; None if it was never asked."""
    found = session.execute(
        select(*(_ROW[name] for name in _NAMES)).where(_ROW.owner == owner, _ROW.endpoint_id == endpoint_id)
    ).one_or_none()
    return None if found is None else BalanceRecord(**found._mapping)


def take_turn(  # one argument a part of the condition
    session: Session, owner: str, endpoint_id: str, *, base_url: str, now: dt.datetime, not_since: dt.datetime
) -> bool:
    """Note that an endpoint is being asked; False if that was done since `not_since`, by whichever process.

    What another address told under the same id is forgotten. A time to come (the clock was put back) is no obstacle.
    """
    mine = BalanceRow.owner == owner, BalanceRow.endpoint_id == endpoint_id
    session.execute(delete(BalanceRow).where(*mine, BalanceRow.base_url != base_url))
    added = (
        upsert.insert(session, BalanceRow)
        .values(owner=owner, endpoint_id=endpoint_id, base_url=base_url, asked_at=now)
        .on_conflict_do_nothing(index_elements=["owner", "endpoint_id"])
        .returning(BalanceRow.endpoint_id)
    )
    if session.scalar(added) is not None:
        return True
    due = or_(BalanceRow.asked_at <= not_since, BalanceRow.asked_at > now)
    return changes(session, update(BalanceRow).where(*mine, due).values(asked_at=now))


def keep(  # noqa: PLR0913  # one argument a column
    session: Session,
    owner: str,
    endpoint_id: str,
    *,
    base_url: str,
    answer: str,
    figures: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> bool:
    """Keep what came of asking; without `figures` those told before stay. False if the endpoint is another by now."""
    told = {} if figures is None else {"figures": figures, "read_at": at}
    statement = update(BalanceRow).where(
        BalanceRow.owner == owner, BalanceRow.endpoint_id == endpoint_id, BalanceRow.base_url == base_url
    )
    return changes(session, statement.values(answer=answer, **told))


def forget(session: Session, owner: str, endpoint_id: str) -> None:
    """Forget all about an endpoint: its token or its address is another now."""
    session.execute(delete(BalanceRow).where(BalanceRow.owner == owner, BalanceRow.endpoint_id == endpoint_id))
