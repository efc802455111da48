"""Pieces of answers while they stream. One writer appends for all streams (RELIABILITY c: one commit each 100 ms)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from db.tables import DeltaRow, core_table

_DELETE = delete_from(core_table(DeltaRow)).where(core_table(DeltaRow).c.generation_seq == bindparam("seq"))


def append(
    session: Session, rows: Sequence[tuple[int, str, str]], raw: Sequence[tuple[int, float, bytes]] = ()
) -> None:
    """Add what arrived since the last time, of any number of generations.

    Args:
        session: one that writes.
        rows: `(generation_seq, "c" for content or "r" for reasoning, text)`, in order.
        raw: `(generation_seq, seconds since sent, bytes)`, redacted, in order.
    """
    _insert(session, "INSERT INTO deltas (generation_seq, kind, text)", rows)
    _insert(session, "INSERT INTO raw_chunks (generation_seq, at_seconds, data)", raw)


def _insert(session: Session, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert in the driver's own words: SQLAlchemy's took two thirds of a writer's time with 100 streams."""
    if rows:
        connection = session.connection()
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        connection.exec_driver_sql(f"{into} VALUES ({mark}, {mark}, {mark})", list(rows))


def load(session: Session, generation_seq: int, after_seq: int = 0) -> list[tuple[int, str, str]]:
    """Return the `(seq, kind, text)` of a generation's pieces after `after_seq`, in order; none once it has ended."""
    found = session.execute(
        select(DeltaRow.seq, DeltaRow.kind, DeltaRow.text)
        .where(DeltaRow.generation_seq == generation_seq, DeltaRow.seq > after_seq)
        .order_by(DeltaRow.seq)
    )
    return [(row.seq, row.kind, row.text) for row in found]


def joined(session: Session, generation_seq: int) -> tuple[str, str]:
    """Return the content and the reasoning that have arrived so far."""
    parts = load(session, generation_seq)
    return (
        "".join(text for _, kind, text in parts if kind == "c"),
        "".join(text for _, kind, text in parts if kind == "r"),
    )


def delete(session: Session, generation_seq: int) -> None:
    """Delete a generation's pieces, its text being kept elsewhere by now."""
    session.execute(_DELETE, {"seq": generation_seq})
