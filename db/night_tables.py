"""Tables of night shifts: what was planned, how it went, and what the person said of the clips in the morning."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey


class NightRow(Base):
    """One batch to be sent between two times, one prompt after the other. `step` counts what was decided about it."""

    __tablename__ = "nights"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    batch_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))  # open, ended
    reason: Mapped[str | None] = mapped_column(String(16))  # of the end: services.nights.rules.Reason
    step: Mapped[int] = mapped_column(default=0)
    prompts: Mapped[int]
    most_sent: Mapped[int]
    most_tokens: Mapped[int | None] = mapped_column(BigInteger)
    from_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (
        UniqueConstraint("owner", "batch_id"),
        Index("ix_nights_owner_seq", "owner", "seq"),
        Index("ix_nights_state_seq", "state", "seq"),
    )


class VerdictRow(Base):
    """What was said of one clip in a morning reel: keep, bin, again, or (once it was sent again) sent."""

    __tablename__ = "night_verdicts"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    generation_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16))
    at: Mapped[dt.datetime]
