"""Tables of what one composes with: templates of one's own in all their versions, cards, blocks, rewrites, pictures."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey
from db.money_tables import Priced


class TemplateRow(Base):
    """One version of a template. `body` is the template as services.prompts.template_files writes it."""

    __tablename__ = "templates"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    template_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("owner", "template_id", "version"),)


class CardRow(Base):
    """A cast card or a continuity block. `folded` is how names are compared."""

    __tablename__ = "cards"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))  # cast, continuity
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("owner", "kind", "folded"),)


class RewriteRow(Priced, Base):
    """A prompt that a chat model was asked to write anew. Kept apart from generations: it makes no video."""

    __tablename__ = "rewrites"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    endpoint_id: Mapped[str] = mapped_column(String(32))
    endpoint_name: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    length: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16))  # sending, then a state a generation ends in
    error_code: Mapped[str | None] = mapped_column(String(64))
    prompt_tokens: Mapped[int | None] = mapped_column(BigInteger)
    completion_tokens: Mapped[int | None] = mapped_column(BigInteger)
    total_tokens: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("owner", "nonce"), Index("ix_rewrites_owner_created_at", "owner", "created_at"))


class PictureRow(Base):
    """A reference picture of one owner, named by the hash of its file; `source`: the picture it was cropped from."""

    __tablename__ = "pictures"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    source: Mapped[str | None] = mapped_column(String(64), index=True)
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("owner", "sha256"),)
