"""What was sent and what it took, by local day and model.

What was deleted for ever still counts; what was brought in from elsewhere never did.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Date, String, case, cast, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from db.library_tables import PastUsageRow
from db.records import UsageRow
from db.states import State
from db.tables import GenerationRow


def by_day_and_model(session: Session, owner: str, since: dt.datetime, tz_offset_minutes: int = 0) -> list[UsageRow]:
    """Count what an owner sent since a time, newest day first, the demo apart.

    What was never sent (waiting, cancelled before sending, not_sent) is not counted. A generation without a token
    count is `unknown`, and in no sum.

    Args:
        session: any.
        owner: whose.
        since: generations made from here on.
        tz_offset_minutes: of the reader's local time to UTC (480 in Shanghai); days begin there.
    """
    rows = union_all(*(_sent(kind, owner, since) for kind in (GenerationRow, PastUsageRow))).subquery()
    day = _local_day(session, rows.c.created_at, tz_offset_minutes).label("day")
    statement = (
        select(
            day,
            rows.c.model,
            rows.c.demo,
            func.count().label("generations"),
            func.sum(case((rows.c.total_tokens.is_(None), 1), else_=0)).label("unknown"),
            func.sum(rows.c.prompt_tokens).label("prompt_tokens"),
            func.sum(rows.c.completion_tokens).label("completion_tokens"),
            func.sum(rows.c.total_tokens).label("total_tokens"),
        )
        .group_by(day, rows.c.model, rows.c.demo)
        .order_by(day.desc(), rows.c.demo, rows.c.model)
    )
    return [_record(row._mapping) for row in session.execute(statement)]


def _sent(kind: type[GenerationRow | PastUsageRow], owner: str, since: dt.datetime) -> Any:
    tokens = (kind.prompt_tokens, kind.completion_tokens, kind.total_tokens)
    from_here = () if kind is PastUsageRow else (GenerationRow.imported_at.is_(None),)
    return select(kind.created_at, kind.model, kind.demo, *tokens).where(
        kind.owner == owner,
        kind.created_at >= since,
        kind.sent_at.is_not(None),
        kind.state != State.NOT_SENT,
        *from_here,
    )


def _local_day(session: Session, created_at: ColumnElement[Any], tz_offset_minutes: int) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "sqlite":
        return func.date(type_coerce(created_at, String), f"{tz_offset_minutes:+d} minutes", type_=String)
    local = func.timezone("UTC", created_at) + literal(dt.timedelta(minutes=tz_offset_minutes))
    return cast(cast(local, Date), String)


def _record(row: Any) -> UsageRow:
    sums = {name: _whole(row[f"{name}_tokens"]) for name in ("prompt", "completion", "total")}
    return UsageRow(
        day=dt.date.fromisoformat(row["day"]),
        model=row["model"],
        demo=row["demo"],
        generations=row["generations"],
        unknown=int(row["unknown"]),
        prompt_tokens=sums["prompt"],
        completion_tokens=sums["completion"],
        total_tokens=sums["total"],
    )


def _whole(value: Any) -> int | None:
    """Make a sum an integer: Postgres adds bigints as numeric."""
    return None if value is None else int(value)
