"""The tables of the library: tags, collections, verdicts, saved searches, what the index holds, what was deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey
from db.money_tables import Priced

_GENERATION = "generations.seq"


class TagRow(Base):
    """A word a person puts on generations. `folded` is how it is compared."""

    __tablename__ = "tags"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(160))

    __table_args__ = (UniqueConstraint("owner", "folded"),)


class TaggedRow(Base):
    """One tag on one generation."""

    __tablename__ = "generation_tags"

    generation_seq: Mapped[int] = mapped_column(ForeignKey(_GENERATION, ondelete="CASCADE"), primary_key=True)
    tag_seq: Mapped[int] = mapped_column(ForeignKey("tags.seq", ondelete="CASCADE"), primary_key=True, index=True)


class CollectionRow(Base):
    """A named set of generations."""

    __tablename__ = "collections"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(160))
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("owner", "folded"),)


class CollectedRow(Base):
    """One generation in one collection."""

    __tablename__ = "generation_collections"

    generation_seq: Mapped[int] = mapped_column(ForeignKey(_GENERATION, ondelete="CASCADE"), primary_key=True)
    collection_seq: Mapped[int] = mapped_column(
        ForeignKey("collections.seq", ondelete="CASCADE"), primary_key=True, index=True
    )


class VerdictRow(Base):
    """Which of two generations was found better; `reasons` say what was wrong with the other. The newest counts."""

    __tablename__ = "verdicts"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    winner_seq: Mapped[int] = mapped_column(ForeignKey(_GENERATION, ondelete="CASCADE"))
    loser_seq: Mapped[int] = mapped_column(ForeignKey(_GENERATION, ondelete="CASCADE"), index=True)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    judged_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("winner_seq", "loser_seq"), Index("ix_verdicts_owner_seq", "owner", "seq"))


class SavedSearchRow(Base):
    """A view of the library under a name: `query` is its part of the address."""

    __tablename__ = "saved_searches"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("owner", "name"),)


class UsedModelRow(Base):
    """A model an owner ever asked: found without reading a million generations."""

    __tablename__ = "used_models"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(Text, primary_key=True)


class SearchEntryRow(Base):
    """What the search index was last given of a generation, beside its prompt and answer.

    SQLite's contentless index forgets only exactly what it was given, and marks change: so it is kept, never guessed.
    """

    __tablename__ = "search_entries"

    generation_seq: Mapped[int] = mapped_column(ForeignKey(_GENERATION, ondelete="CASCADE"), primary_key=True)
    facets: Mapped[str] = mapped_column(Text)
    marks: Mapped[str] = mapped_column(Text)


class PastUsageRow(Priced, Base):
    """What a generation that was deleted for ever had used: the totals keep it. No word of it is here."""

    __tablename__ = "past_usage"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    generation_id: Mapped[str] = mapped_column(String(32), unique=True)
    endpoint_id: Mapped[str] = mapped_column(String(32))
    endpoint_name: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    demo: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    duration_seconds: Mapped[float | None]
    prompt_tokens: Mapped[int | None] = mapped_column(BigInteger)
    completion_tokens: Mapped[int | None] = mapped_column(BigInteger)
    total_tokens: Mapped[int | None] = mapped_column(BigInteger)
    charged: Mapped[bool | None]
    video_seconds: Mapped[float | None]  # of all its kept videos; NULL: unknown
    asked_seconds: Mapped[float | None]
    deleted_at: Mapped[dt.datetime]
    rating: Mapped[int | None]

    __table_args__ = (Index("ix_past_usage_owner_created_at", "owner", "created_at"),)
