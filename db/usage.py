"""What was sent and what it took, by local day and model."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Date, String, case, cast, func, literal, select, type_coerce
from sqlalchemy.orm import Session

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
    day = _local_day(session, tz_offset_minutes).label("day")
    statement = (
        select(
            day,
            GenerationRow.model,
            GenerationRow.demo,
            func.count().label("generations"),
            func.sum(case((GenerationRow.total_tokens.is_(None), 1), else_=0)).label("unknown"),
            func.sum(GenerationRow.prompt_tokens).label("prompt_tokens"),
            func.sum(GenerationRow.completion_tokens).label("completion_tokens"),
            func.sum(GenerationRow.total_tokens).label("total_tokens"),
        )
        .where(
            GenerationRow.owner == owner,
            GenerationRow.created_at >= since,
            GenerationRow.sent_at.is_not(None),
            GenerationRow.state != State.NOT_SENT,
        )
        .group_by(day, GenerationRow.model, GenerationRow.demo)
        .order_by(day.desc(), GenerationRow.demo, GenerationRow.model)
    )
    return [_record(row._mapping) for row in session.execute(statement)]


def _local_day(session: Session, tz_offset_minutes: int) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "sqlite":
        stored = type_coerce(GenerationRow.created_at, String)
        return func.date(stored, f"{tz_offset_minutes:+d} minutes", type_=String)
    local = func.timezone("UTC", GenerationRow.created_at) + literal(dt.timedelta(minutes=tz_offset_minutes))
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
