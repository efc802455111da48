"""Tables of budgets: how much may be used in a day or a month, and who let it be passed, and why.

A budget is never changed: it is ended, and another one set. Amounts of money are whole billionths of a unit.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, BigKey


class BudgetRow(Base):
    """What one person may use in each period, of all they send or of a part of it."""

    __tablename__ = "budgets"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(8))  # day, month
    zone: Mapped[str] = mapped_column(Text)  # whose midnight: a name, or "+480" minutes ahead of UTC
    measure: Mapped[str] = mapped_column(String(16))  # generations, tokens, money
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(8))  # '' unless money
    endpoint_id: Mapped[str] = mapped_column(String(32))  # '': whatever the endpoint
    collection_id: Mapped[str] = mapped_column(String(32))  # '': whatever the collection
    scope_name: Mapped[str] = mapped_column(Text)  # what that was called when this was set
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (Index("ix_budgets_owner_ended_at", "owner", "ended_at"),)


class BudgetOverrideRow(Base):
    """More allowed of one budget until it begins anew: by whom, and why. `extra` NULL: as much as is wanted."""

    __tablename__ = "budget_overrides"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    budget_id: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    extra: Mapped[int | None] = mapped_column(BigInteger)
    until_at: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
