"""Tables of a team: who may come in, from which browsers, what was done by whom, which collections are shared."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey


class PersonRow(Base):
    """Somebody an identity provider named. `space` owns their rows; `id` follows from issuer and subject."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    space: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))  # services.people.person.Role
    created_at: Mapped[dt.datetime]


class SignInRow(Base):
    """One sign-in of one browser: the hash of its cookie's content. Once ended it never counts again."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[dt.datetime] = mapped_column(index=True)
    ended_at: Mapped[dt.datetime | None]


class AuditRow(Base):
    """Who did what to which id, and when. Triggers refuse to change or delete a row."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_audit_who_seq", "who", "seq"),)


class SharedCollectionRow(Base):
    """A collection its owner shows to everybody who signs in."""

    __tablename__ = "shared_collections"

    collection_seq: Mapped[int] = mapped_column(ForeignKey("collections.seq", ondelete="CASCADE"), primary_key=True)
    shared_at: Mapped[dt.datetime]
