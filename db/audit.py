"""The audit: rows are added, in the transaction of what they tell of, and never changed (the database refuses)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.people_records import AuditRecord
from db.people_tables import AuditRow, PersonRow


def note_of(session: Session, who: str, action: str, what: str = "", *, at: dt.datetime) -> None:
    """Keep that somebody did something to an id."""
    session.execute(insert(AuditRow).values(at=at, who=who, action=action, what=what[:64]))


def page(session: Session, *, before_seq: int | None, limit: int) -> list[AuditRecord]:
    """Return up to `limit` lines older than `before_seq`, newest first."""
    statement = select(AuditRow, PersonRow.email).outerjoin(PersonRow, PersonRow.id == AuditRow.who)
    if before_seq is not None:
        statement = statement.where(AuditRow.seq < before_seq)
    found = session.execute(statement.order_by(AuditRow.seq.desc()).limit(limit))
    return [
        AuditRecord(seq=row.seq, at=row.at, who=row.who, email=email or "", action=row.action, what=row.what)
        for row, email in found
    ]
