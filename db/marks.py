"""What a person says of generations: favourite, rating, notes, tags, collections. The search learns of it at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection as Many
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from db import search_entries, upsert
from db.conditional import changes, count_changed
from db.library_records import Collection
from db.library_tables import CollectedRow, CollectionRow, TaggedRow, TagRow
from db.search_text import fold
from db.tables import GenerationRow

COUNTED = 1_000


def owned(session: Session, owner: str, ids: Many[str]) -> list[int]:
    """Return the seqs of those of these generations that are the owner's, and hold them until the transaction ends."""
    mine = select(GenerationRow.seq).where(GenerationRow.id.in_(ids), GenerationRow.owner == owner)
    return list(session.scalars(mine.order_by(GenerationRow.seq).with_for_update()))


def set_mark(session: Session, owner: str, id: str, **mark: Any) -> bool:
    """Set `favourite`, `rating` or `notes`; False if it says so already, or is not theirs."""
    ((name, value),) = mark.items()
    column = getattr(GenerationRow, name)
    seqs = session.scalars(
        update(GenerationRow)
        .where(GenerationRow.id == id, GenerationRow.owner == owner, column.is_distinct_from(value))
        .values({name: value})
        .returning(GenerationRow.seq)
        .execution_options(synchronize_session=False)
    ).all()
    search_entries.refresh(session, seqs)
    return bool(seqs)


def tag(session: Session, owner: str, ids: Many[str], name: str) -> int:
    """Put a tag on generations, making it if it is new; return for how many it was news."""
    values = {"owner": owner, "name": name, "folded": fold(name)}
    session.execute(upsert.insert(session, TagRow).values(**values).on_conflict_do_nothing())
    tag_seq = session.scalars(select(TagRow.seq).where(TagRow.owner == owner, TagRow.folded == fold(name))).one()
    rows = [{"generation_seq": seq, "tag_seq": tag_seq} for seq in owned(session, owner, ids)]
    return _paired(session, TaggedRow, rows)


def untag(session: Session, owner: str, ids: Many[str], name: str) -> int:
    """Take a tag off generations; return how many had it."""
    seqs = owned(session, owner, ids)
    mine = select(TagRow.seq).where(TagRow.owner == owner, TagRow.folded == fold(name)).scalar_subquery()
    gone = count_changed(
        session, delete(TaggedRow).where(TaggedRow.generation_seq.in_(seqs), TaggedRow.tag_seq == mine)
    )
    search_entries.refresh(session, seqs)
    return gone


def tags(session: Session, owner: str) -> list[str]:
    """Return an owner's tags in order, those on nothing left out."""
    used = select(TaggedRow.tag_seq).where(TaggedRow.tag_seq == TagRow.seq).exists()
    return list(session.scalars(select(TagRow.name).where(TagRow.owner == owner, used).order_by(TagRow.folded)))


def tags_of(session: Session, seq: int) -> list[str]:
    """Return the tags of one generation in order."""
    statement = select(TagRow.name).join(TaggedRow, TaggedRow.tag_seq == TagRow.seq)
    return list(session.scalars(statement.where(TaggedRow.generation_seq == seq).order_by(TagRow.folded)))


def collections(session: Session, owner: str) -> list[Collection]:
    """Return an owner's collections in order of name, with how many each holds outside the trash, `COUNTED` at most."""
    first = (
        select(CollectedRow.generation_seq)
        .join(GenerationRow, GenerationRow.seq == CollectedRow.generation_seq)
        .where(CollectedRow.collection_seq == CollectionRow.seq, GenerationRow.trashed_at.is_(None))
        .limit(COUNTED)
        .correlate(CollectionRow)
        .subquery()
    )
    held = select(func.count()).select_from(first).scalar_subquery()
    columns = (CollectionRow.id, CollectionRow.seq, CollectionRow.name, held.label("count"))
    found = session.execute(select(*columns).where(CollectionRow.owner == owner).order_by(CollectionRow.folded))
    return [Collection(**row._mapping) for row in found]


def collection_names(session: Session, owner: str) -> list[str]:
    """Return the names of an owner's collections in order, uncounted: cheap enough for each run of a page."""
    named = select(CollectionRow.name).where(CollectionRow.owner == owner)
    return list(session.scalars(named.order_by(CollectionRow.folded)))


def collections_of(session: Session, seq: int) -> list[str]:
    """Return the ids of the collections one generation is in."""
    statement = select(CollectionRow.id).join(CollectedRow, CollectedRow.collection_seq == CollectionRow.seq)
    return list(session.scalars(statement.where(CollectedRow.generation_seq == seq).order_by(CollectionRow.folded)))


def make_collection(session: Session, owner: str, id: str, name: str, at: dt.datetime) -> str:
    """Make a collection and return its id; of the same name again, the first one's."""
    values = {"id": id, "owner": owner, "name": name, "folded": fold(name), "created_at": at}
    session.execute(
        upsert.insert(session, CollectionRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["owner", "folded"])
    )
    mine = CollectionRow.owner == owner, CollectionRow.folded == fold(name)
    return session.scalars(select(CollectionRow.id).where(*mine)).one()


def rename_collection(session: Session, owner: str, id: str, name: str) -> bool:
    """Give a collection another name; False if it is not theirs, or another one has that name."""
    other = select(CollectionRow.seq).where(
        CollectionRow.owner == owner, CollectionRow.folded == fold(name), CollectionRow.id != id
    )
    if session.scalar(other.limit(1)) is not None:
        return False
    statement = update(CollectionRow).where(CollectionRow.owner == owner, CollectionRow.id == id)
    return changes(session, statement.values(name=name, folded=fold(name)))


def collect(session: Session, owner: str, ids: Many[str], collection_id: str) -> int:
    """Put generations into a collection; return for how many it was news."""
    seqs = owned(session, owner, ids)
    into = session.scalar(_collection(owner, collection_id))
    rows = [] if into is None else [{"generation_seq": seq, "collection_seq": into} for seq in seqs]
    return _paired(session, CollectedRow, rows)


def collect_named(session: Session, owner: str, ids: Many[str], name: str, *, new_id: str, at: dt.datetime) -> int:
    """Put generations into the collection of this name, made with `new_id` if there is none; return how many."""
    return collect(session, owner, ids, make_collection(session, owner, new_id, name, at))


def release(session: Session, owner: str, ids: Many[str], collection_id: str) -> int:
    """Take generations out of a collection; return how many were in it."""
    seqs = owned(session, owner, ids)
    out_of = _collection(owner, collection_id).scalar_subquery()
    here = CollectedRow.generation_seq.in_(seqs), CollectedRow.collection_seq == out_of
    gone = count_changed(session, delete(CollectedRow).where(*here))
    search_entries.refresh(session, seqs)
    return gone


def dissolve(session: Session, owner: str, collection_id: str, *, limit: int) -> int:
    """Take up to `limit` generations out of a collection; once it is empty, delete it. Return how many were taken."""
    seq = session.scalar(_collection(owner, collection_id))
    members = select(CollectedRow.generation_seq).where(CollectedRow.collection_seq == seq).limit(limit)
    gone = list(session.scalars(members))
    here = CollectedRow.collection_seq == seq, CollectedRow.generation_seq.in_(gone)
    count_changed(session, delete(CollectedRow).where(*here))
    search_entries.refresh(session, gone)
    if len(gone) < limit:
        count_changed(session, delete(CollectionRow).where(CollectionRow.owner == owner, CollectionRow.seq == seq))
    return len(gone)


def _collection(owner: str, id: str) -> Any:
    return select(CollectionRow.seq).where(CollectionRow.owner == owner, CollectionRow.id == id)


def _paired(session: Session, table: Any, rows: Sequence[dict[str, int]]) -> int:
    if not rows:
        return 0
    made = session.scalars(
        upsert.insert(session, table).values(list(rows)).on_conflict_do_nothing().returning(table.generation_seq)
    ).all()
    search_entries.refresh(session, made)
    return len(made)
