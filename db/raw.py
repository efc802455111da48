"""The raw response: chunk rows while it streams, one compressed row for ever after."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from db.records import RawResponse
from db.tables import GenerationRow, RawChunkRow, RawResponseRow, core_table

_CHUNKS = core_table(RawChunkRow)
_OWN = _CHUNKS.c.generation_seq == bindparam("of")
_LOAD = select(_CHUNKS.c.at_seconds, _CHUNKS.c.data).where(_OWN).order_by(_CHUNKS.c.seq)
_DELETE = delete(_CHUNKS).where(_CHUNKS.c.generation_seq.in_(bindparam("seqs", expanding=True)))
_KEEP = insert(core_table(RawResponseRow))
FAST_ABOVE_BYTES = 4 * 1024**2  # the write lock is held meanwhile: long responses are pressed less hard


def pack(session: Session, content_types: Mapping[int, str]) -> None:
    """Replace the chunks of each generation of `{seq: content type}` by one row; none where no byte arrived."""
    packed = [row for seq, content_type in content_types.items() if (row := _packed(session, seq, content_type))]
    if packed:
        session.execute(_KEEP, packed)
        session.execute(_DELETE, {"seqs": [row["generation_seq"] for row in packed]})


def load(session: Session, owner: str, generation_id: str) -> RawResponse | None:
    """Return what came over the wire for an owner's generation, also while it streams; None if nothing did."""
    seq = session.scalar(
        select(GenerationRow.seq).where(GenerationRow.id == generation_id, GenerationRow.owner == owner)
    )
    if seq is None:
        return None
    packed = session.get(RawResponseRow, seq)
    if packed is not None:
        arrivals = tuple((int(offset), float(at)) for offset, at in packed.arrivals)
        return RawResponse(content_type=packed.content_type, data=zlib.decompress(packed.data), arrivals=arrivals)
    data, arrived = _chunks(session, seq)
    return RawResponse(content_type="", data=data, arrivals=tuple(arrived)) if arrived else None


def kept(session: Session, owner: str, *, after_seq: int, limit: int) -> list[tuple[int, str]]:
    """Return `(seq, id)` of an owner's generations whose raw response is kept, from `after_seq` on, oldest first."""
    statement = (
        select(GenerationRow.seq, GenerationRow.id)
        .join(RawResponseRow, RawResponseRow.generation_seq == GenerationRow.seq)
        .where(GenerationRow.owner == owner, GenerationRow.seq > after_seq)
        .order_by(GenerationRow.seq)
        .limit(limit)
    )
    return [(seq, id) for seq, id in session.execute(statement)]


def _packed(session: Session, generation_seq: int, content_type: str) -> dict[str, Any] | None:
    data, arrivals = _chunks(session, generation_seq)
    if not arrivals:
        return None
    return {
        "generation_seq": generation_seq,
        "content_type": content_type,
        "size_bytes": len(data),
        "arrivals": [list(arrival) for arrival in arrivals],
        "data": zlib.compress(data, 1 if len(data) > FAST_ABOVE_BYTES else 6),
    }


def _chunks(session: Session, generation_seq: int) -> tuple[bytes, list[tuple[int, float]]]:
    chunks = session.execute(_LOAD, {"of": generation_seq}).all()
    arrivals, offset = [], 0
    for chunk in chunks:
        arrivals.append((offset, float(chunk.at_seconds)))
        offset += len(chunk.data)
    return b"".join(chunk.data for chunk in chunks), arrivals
