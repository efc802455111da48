"""Tables of what endpoints said about themselves: what is left to spend, and how often they let us ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class BalanceRow(Base):
    """What one endpoint said is left on its key, and when it was asked. `figures` NULL: it told none."""

    __tablename__ = "balances"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    base_url: Mapped[str] = mapped_column(Text)  # figures belong to the address that told them
    figures: Mapped[dict[str, Any] | None]
    read_at: Mapped[dt.datetime | None]
    asked_at: Mapped[dt.datetime]
    answer: Mapped[str | None] = mapped_column(String(32))  # told, none (it has no such thing), or an error's code


class EndpointRateRow(Base):
    """How often one endpoint is asked: what it refused, what that taught, and the last minute where a limit is set."""

    __tablename__ = "endpoint_rates"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    refused_at: Mapped[dt.datetime | None]
    hold_until: Mapped[dt.datetime | None]
    wait_seconds: Mapped[float | None]  # what its Retry-After said; NULL: it said nothing, the wait is our guess
    refusals: Mapped[int] = mapped_column(default=0)  # one after the other, each after the wait for the one before
    learned_at_once: Mapped[int | None]
    learned_per_minute: Mapped[int | None]
    learned_at: Mapped[dt.datetime | None]
    recent: Mapped[list[Any]] = mapped_column(default=list)  # Unix seconds of what was sent in the last minute
