"""Pieces of answers while they stream. One writer appends for all streams (RELIABILITY c: one commit each 100 ms)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, insert, inspect, select
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from db.tables import DeltaRow, RawChunkRow

# The tables themselves: an insert through the mapped classes costs several times as much, ten times a second.
_DELTAS = cast(Table, inspect(DeltaRow).local_table)
_RAW_CHUNKS = cast(Table, inspect(RawChunkRow).local_table)


def append(
    session: Session, rows: Sequence[tuple[int, str, str]], raw: Sequence[tuple[int, float, bytes]] = ()
) -> None:
    """Add what arrived since the last time, of any number of generations.

    Args:
        session: one that writes.
        rows: `(generation_seq, "c" for content or "r" for reasoning, text)`, in order.
        raw: `(generation_seq, seconds since sent, bytes)`, redacted, in order.
    """
    if rows:
        session.execute(
            insert(_DELTAS), [{"generation_seq": seq, "kind": kind, "text": text} for seq, kind, text in rows]
        )
    if raw:
        session.execute(
            insert(_RAW_CHUNKS), [{"generation_seq": seq, "at_seconds": at, "data": data} for seq, at, data in raw]
        )


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
    session.execute(
        delete_from(DeltaRow)
        .where(DeltaRow.generation_seq == generation_seq)
        .execution_options(synchronize_session=False)
    )
