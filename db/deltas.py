"""Pieces of answers while they stream. One writer appends for all streams (RELIABILITY c: one commit each 100 ms)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from db.tables import DeltaRow, core_table

_INSERTS = {
    "qmark": (
        "INSERT INTO deltas (generation_seq, kind, text) VALUES (?, ?, ?)",
        "INSERT INTO raw_chunks (generation_seq, at_seconds, data) VALUES (?, ?, ?)",
    ),
    "pyformat": (
        "INSERT INTO deltas (generation_seq, kind, text) VALUES (%s, %s, %s)",
        "INSERT INTO raw_chunks (generation_seq, at_seconds, data) VALUES (%s, %s, %s)",
    ),
}
_DELETE = delete_from(core_table(DeltaRow)).where(
    core_table(DeltaRow).c.generation_seq.in_(bindparam("seqs", expanding=True))
)


def append(
    connection: Connection, rows: Sequence[tuple[int, str, str]], raw: Sequence[tuple[int, float, bytes]] = ()
) -> None:
    """Add what arrived since the last time, of any number of generations.

    Args:
        connection: one that writes.
        rows: `(generation_seq, "c" for content or "r" for reasoning, text)`, in order.
        raw: `(generation_seq, seconds since sent, bytes)`, redacted, in order.
    """
    # In the driver's own words: SQLAlchemy's inserts took two thirds of a writer's time with 100 streams.
    words = _INSERTS[connection.dialect.paramstyle]
    for insert, values in zip(words, (rows, raw), strict=True):
        if values:
            connection.exec_driver_sql(insert, list[Any](values))


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


def delete(session: Session, generation_seqs: Sequence[int]) -> None:
    """Delete the pieces of generations, their texts being kept elsewhere by now."""
    session.execute(_DELETE, {"seqs": generation_seqs})
