"""The tables of what is sent and what came of it (those of the library: db.library_tables), for SQLite and Postgres.

`seq` orders and pages (a clock may jump), the random text `id` stands in addresses and on the wire. Times are UTC. The
search index alone is made by hand in a migration.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey, UtcDateTime, core_table
from db.base import partial as _partial
from db.money_tables import Priced

__all__ = [
    "FAILED",
    "UNFINISHED",
    "UNHAPPY",
    "Base",
    "BigKey",
    "DeltaRow",
    "DraftRow",
    "EndpointRow",
    "GenerationRow",
    "LinkLifeRow",
    "PasteRow",
    "PreferenceRow",
    "RawChunkRow",
    "RawResponseRow",
    "UtcDateTime",
    "VideoRow",
    "WorkerRow",
    "core_table",
]

UNHAPPY = (
    "dismissed_at IS NULL AND (state IN ('failed','rejected','unknown','incomplete','not_sent')"
    " OR (state = 'cancelled' AND sent_at IS NOT NULL) OR (state = 'done' AND COALESCE(outcome, '') <> 'video'))"
)
"""What may want rescuing, as far as the generation's own row tells; db.rescue looks at the videos too."""

HAS_PICTURE = "picture IS NOT NULL"
UNFINISHED, FAILED = "state IN ('held','queued','sending','streaming')", "state = 'failed'"
LIVE, TRASHED = "trashed_at IS NULL", "trashed_at IS NOT NULL"
CHILD = "parent_id IS NOT NULL"


class GenerationRow(Priced, Base):
    """One prompt sent once, or to be sent."""

    __tablename__ = "generations"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    parent_id: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(default=0)

    prompt: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any] | None]
    endpoint_id: Mapped[str] = mapped_column(String(32))
    endpoint_name: Mapped[str] = mapped_column(Text)
    base_url: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    demo: Mapped[bool] = mapped_column(default=False)
    request: Mapped[dict[str, Any] | None]
    picture: Mapped[str | None] = mapped_column(String(64))  # sha256 of the one it was sent with

    content: Mapped[str] = mapped_column(Text, default="")
    reasoning: Mapped[str] = mapped_column(Text, default="")
    progress: Mapped[list[Any]] = mapped_column(default=list)
    stage: Mapped[str | None] = mapped_column(Text)
    links: Mapped[list[Any]] = mapped_column(default=list)
    task_ids: Mapped[list[Any]] = mapped_column(default=list)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    finish_reason: Mapped[str | None] = mapped_column(Text)
    prompt_tokens: Mapped[int | None] = mapped_column(BigInteger)
    completion_tokens: Mapped[int | None] = mapped_column(BigInteger)
    total_tokens: Mapped[int | None] = mapped_column(BigInteger)
    usage: Mapped[dict[str, Any] | None]
    http_status: Mapped[int | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(Text)

    worker: Mapped[str | None] = mapped_column(String(128))
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    release_at: Mapped[dt.datetime | None]  # NULL while held: a night shift lets it go
    send_before: Mapped[dt.datetime | None]  # never sent at or after this (a night shift's hours)
    enqueued_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    first_byte_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    duration_seconds: Mapped[float | None]
    charged: Mapped[bool | None]  # what the person says the bill says; NULL: nothing
    charged_at: Mapped[dt.datetime | None]
    dismissed_at: Mapped[dt.datetime | None]
    favourite: Mapped[bool] = mapped_column(default=False, server_default=false())
    rating: Mapped[int | None]  # 1 to 5
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    trashed_at: Mapped[dt.datetime | None]
    asked_seconds: Mapped[float | None]  # of video, where the request or the fields tell; NULL: unknown
    imported_at: Mapped[dt.datetime | None]  # brought in from elsewhere then: no spend of this installation

    __table_args__ = (
        UniqueConstraint("owner", "nonce"),
        _partial("ix_generations_live", "owner", "seq", where=LIVE),
        _partial("ix_generations_picture", "picture", where=HAS_PICTURE),
        _partial("ix_generations_trashed", "owner", "trashed_at", where=TRASHED),
        Index("ix_generations_owner_created_at", "owner", "created_at"),
        _partial("ix_generations_unfinished", "state", "priority", "seq", where=UNFINISHED),
        _partial("ix_generations_unhappy", "owner", "seq", where=UNHAPPY),
        _partial("ix_generations_owner_parent_id", "owner", "parent_id", where=CHILD),
    )


class DeltaRow(Base):
    """A piece of an answer while it streams; joined into the generation at its end, then deleted."""

    __tablename__ = "deltas"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    generation_seq: Mapped[int] = mapped_column(ForeignKey("generations.seq", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(1))
    text: Mapped[str] = mapped_column(Text)


class RawChunkRow(Base):
    """Raw response bytes as they arrived, redacted; packed into one RawResponseRow at the end."""

    __tablename__ = "raw_chunks"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    generation_seq: Mapped[int] = mapped_column(ForeignKey("generations.seq", ondelete="CASCADE"), index=True)
    at_seconds: Mapped[float]
    data: Mapped[bytes]


class RawResponseRow(Base):
    """The whole raw response, zlib-compressed, with `[[byte offset, seconds since sent], …]` of its arrivals."""

    __tablename__ = "raw_responses"

    generation_seq: Mapped[int] = mapped_column(ForeignKey("generations.seq", ondelete="CASCADE"), primary_key=True)
    content_type: Mapped[str] = mapped_column(Text, default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    arrivals: Mapped[list[Any]]
    data: Mapped[bytes]


class VideoRow(Base):
    """One link of an answer that is, or shall become, a kept file."""

    __tablename__ = "videos"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    generation_id: Mapped[str] = mapped_column(ForeignKey("generations.id", ondelete="CASCADE"), index=True)
    source_url: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(String(64))  # sha256 of source_url: Postgres indexes no 4,096 characters
    state: Mapped[str] = mapped_column(String(16), index=True)
    worker: Mapped[str | None] = mapped_column(String(128))
    attempts: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    media_type: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    duration_seconds: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    poster: Mapped[bool] = mapped_column(default=False)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    kept_at: Mapped[dt.datetime | None]
    paste_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        UniqueConstraint("generation_id", "source_key"),
        _partial("ix_videos_failed", "owner", "generation_id", where=FAILED),
    )


class PasteRow(Base):
    """What a person pasted to rescue a generation, apart from what its endpoint sent."""

    __tablename__ = "pastes"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    generation_id: Mapped[str] = mapped_column(ForeignKey("generations.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    links: Mapped[list[Any]] = mapped_column(default=list)
    task_ids: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[dt.datetime]


class LinkLifeRow(Base):
    """How long one video link was seen to live. What it taught outlasts its video, so no foreign key."""

    __tablename__ = "link_lives"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    video_id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    host: Mapped[str] = mapped_column(String(255))
    first_seen: Mapped[dt.datetime]
    last_ok: Mapped[dt.datetime | None]
    gone_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]  # as the link itself says
    next_look_at: Mapped[dt.datetime | None] = mapped_column(index=True)

    __table_args__ = (Index("ix_link_lives_owner_host_seq", "owner", "host", "seq"),)


class EndpointRow(Base):
    """Where prompts can be sent. The token is encrypted before it comes here."""

    __tablename__ = "endpoints"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    base_url: Mapped[str] = mapped_column(Text)
    token_encrypted: Mapped[bytes | None]
    model: Mapped[str] = mapped_column(Text)
    models: Mapped[list[Any]] = mapped_column(default=list)
    max_tokens: Mapped[int] = mapped_column(default=1000)
    stream: Mapped[bool] = mapped_column(default=True)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    idle_seconds: Mapped[float | None]
    total_seconds: Mapped[float | None]
    concurrency: Mapped[int | None]
    per_minute: Mapped[int | None]
    built_in: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]


class DraftRow(Base):
    """What someone has typed and not sent."""

    __tablename__ = "drafts"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[dt.datetime]


class PreferenceRow(Base):
    """One remembered choice of one person (language, chosen endpoint), or of the installation (`owner` '')."""

    __tablename__ = "preferences"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class WorkerRow(Base):
    """A process that executes generations. `beat` counts up; a clock is never compared between machines."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    beat: Mapped[int] = mapped_column(BigInteger, default=0)
    started_at: Mapped[dt.datetime]
