"""What is taken away of generations beside their own rows, and what is brought in from elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from db import marks, search_entries, upsert
from db.conditional import count_changed
from db.library_tables import CollectedRow, CollectionRow, PastUsageRow, TaggedRow, TagRow
from db.states import VideoState
from db.tables import GenerationRow, VideoRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A generation that is brought in: its columns, those of its videos, its tags, its collections (id by name)."""

    columns: Mapping[str, Any]
    videos: Sequence[Mapping[str, Any]]
    tags: Sequence[str]
    collections: Mapping[str, str]


def names_of(session: Session, seqs: Collection[int]) -> dict[int, tuple[list[str], list[str]]]:
    """Return the tags and the names of the collections of generations, by seq; those without either left out."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    tagged = select(TaggedRow.generation_seq, TagRow.name).join(TagRow, TagRow.seq == TaggedRow.tag_seq)
    held = select(CollectedRow.generation_seq, CollectionRow.name).join(
        CollectionRow, CollectionRow.seq == CollectedRow.collection_seq
    )
    in_order = (
        tagged.where(TaggedRow.generation_seq.in_(seqs)).order_by(TagRow.folded),
        held.where(CollectedRow.generation_seq.in_(seqs)).order_by(CollectionRow.folded),
    )
    for place, statement in enumerate(in_order):
        for seq, name in session.execute(statement):
            found.setdefault(seq, ([], []))[place].append(name)
    return found


def is_here(session: Session, owner: str, id: str) -> bool:
    """Tell whether an owner has this generation already, made here or brought in under whichever id."""
    mine = select(GenerationRow.seq).where(
        GenerationRow.owner == owner, or_(GenerationRow.id == id, GenerationRow.nonce == arrival_nonce(id))
    )
    return session.scalar(mine.limit(1)) is not None


def is_taken(session: Session, id: str) -> bool:
    """Tell whether anybody's generation has this id."""
    return session.scalar(select(GenerationRow.seq).where(GenerationRow.id == id)) is not None


def keeps(session: Session, owner: str, sha256: str) -> bool:
    """Tell whether an owner has a kept video of exactly these bytes."""
    same = VideoRow.sha256 == sha256, VideoRow.owner == owner, VideoRow.state == VideoState.KEPT
    return session.scalar(select(VideoRow.seq).where(*same).limit(1)) is not None


def bring_in(session: Session, owner: str, original_id: str, arrival: Arrival, at: dt.datetime) -> bool:
    """Keep a generation that comes from elsewhere, with all that belongs to it; False if it is here already.

    Was it made here and deleted for ever, it is no import: its figures leave the past usage, so that no total changes.
    """
    was_here = PastUsageRow.owner == owner, PastUsageRow.generation_id == original_id
    returns = session.scalar(select(PastUsageRow.seq).where(*was_here)) is not None
    values = {**arrival.columns, "owner": owner, "imported_at": None if returns else at}
    statement = (
        upsert.insert(session, GenerationRow)
        .values(**values, nonce=arrival_nonce(original_id))
        .on_conflict_do_nothing()
        .returning(GenerationRow.seq)
    )
    seq = session.scalar(statement)
    if seq is None:
        return False
    if returns:
        count_changed(session, delete(PastUsageRow).where(*was_here))
    id = arrival.columns["id"]
    if arrival.videos:
        own = {"owner": owner, "generation_id": id, "attempts": 1}
        session.execute(insert(VideoRow), [{**video, **own} for video in arrival.videos])
    for name in arrival.tags:
        marks.tag(session, owner, [id], name)
    for name, new_id in arrival.collections.items():
        marks.collect(session, owner, [id], marks.make_collection(session, owner, new_id, name, at))
    search_entries.note_model(session, owner, arrival.columns["model"])
    search_entries.refresh(session, [seq])
    return True


def arrival_nonce(original_id: str) -> str:
    """Return the nonce under which a generation of this id is brought in: once a person, whatever id it has here."""
    return f"import-{original_id}"
