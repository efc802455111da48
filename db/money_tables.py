"""Tables of money: price rules, what was re-priced, and the columns that every priced row has.

Amounts are whole billionths of a unit ("nano"), so that a sum in SQL is exact on both databases; prices are decimal
text, as they were typed. Unknown is NULL, never 0.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey


class Priced:
    """What a row was expected to cost when it was sent, and what it cost: both frozen, see services.usage."""

    estimate_kind: Mapped[str | None] = mapped_column(String(16))  # about, at_most; NULL: unknown
    estimate_nano: Mapped[int | None] = mapped_column(BigInteger)
    estimate_currency: Mapped[str | None] = mapped_column(String(8))
    cost_nano: Mapped[int | None] = mapped_column(BigInteger)
    cost_currency: Mapped[str | None] = mapped_column(String(8))
    cost_rule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # as it was, and the arithmetic
    priced_at: Mapped[dt.datetime | None]


class PriceRuleRow(Base):
    """What one owner says a call, a second or a million tokens of some models cost from a day on.

    A rule is never changed: it is ended, or replaced by another one, and stays readable.
    """

    __tablename__ = "price_rules"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    endpoint_id: Mapped[str] = mapped_column(String(32))  # '': any endpoint but the demo
    model: Mapped[str] = mapped_column(Text)  # a pattern: * and ?
    basis: Mapped[str] = mapped_column(String(16))
    price: Mapped[str | None] = mapped_column(Text)  # of a call, a second, or a million prompt tokens
    completion_price: Mapped[str | None] = mapped_column(Text)  # of a million completion tokens
    currency: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[dt.date] = mapped_column(Date)  # the first day (UTC)
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    replaced_by: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (Index("ix_price_rules_owner_seq", "owner", "seq"),)


class RepricingRow(Base):
    """One act of computing the cost of old rows anew: who asked for it, why, for which, and what it changed."""

    __tablename__ = "repricings"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(16))  # command, page
    reason: Mapped[str] = mapped_column(Text)
    scope: Mapped[dict[str, Any]]
    looked_at: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    before: Mapped[dict[str, Any]]  # nano by currency, of the rows that changed
    after: Mapped[dict[str, Any]]
    began_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (Index("ix_repricings_owner_seq", "owner", "seq"),)
