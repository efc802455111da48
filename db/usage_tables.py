"""Tables of kept usage totals: what is counted together, and the sums of each of its hours and days.

The database keeps them itself, by triggers in the transaction of the row they count (db.usage_triggers).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey


class UsageLineRow(Base):
    """What is counted together. `collection_seq` 0 is all of an owner; else what lies in that collection."""

    __tablename__ = "usage_lines"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    collection_seq: Mapped[int] = mapped_column(BigInteger)
    endpoint_id: Mapped[str] = mapped_column(String(32))
    endpoint_name: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    demo: Mapped[bool]
    sent: Mapped[bool]  # a POST was made
    state: Mapped[str] = mapped_column(String(16))
    certainty: Mapped[str] = mapped_column(String(16))  # none, sure, maybe, not_charged
    shelf: Mapped[str] = mapped_column(String(8))  # kept, trash, gone
    currency: Mapped[str] = mapped_column(String(8))  # '': its cost is unknown, or there is none

    __table_args__ = (
        UniqueConstraint(
            *("owner", "collection_seq", "endpoint_id", "endpoint_name", "model", "demo", "sent", "state"),
            *("certainty", "shelf", "currency"),
            name="uq_usage_lines",
        ),
    )


class UsageTotalRow(Base):
    """The sums of a line in one hour or day (UTC): `slot` of `grain` seconds since 1970. `part`: db.usage_triggers."""

    __tablename__ = "usage_totals"

    line: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    grain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    generations: Mapped[int] = mapped_column(BigInteger)
    prompt_told: Mapped[int] = mapped_column(BigInteger)
    completion_told: Mapped[int] = mapped_column(BigInteger)
    total_told: Mapped[int] = mapped_column(BigInteger)
    prompt_tokens: Mapped[int] = mapped_column(BigInteger)
    completion_tokens: Mapped[int] = mapped_column(BigInteger)
    total_tokens: Mapped[int] = mapped_column(BigInteger)
    cost_nano: Mapped[int] = mapped_column(BigInteger)
    videos: Mapped[int] = mapped_column(BigInteger)
    keepers: Mapped[int] = mapped_column(BigInteger)
