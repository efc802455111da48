"""Rules as tests want them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from db.prices import Basis, PriceRule

DAY = dt.date(2026, 1, 1)
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def rule(price: str | Decimal | None = "0.30", **changes: Any) -> PriceRule:
    """Return a rule: 0.30 USD a call of anything, with whatever `changes` says."""
    values: dict[str, Any] = {
        "id": "r",
        "owner": "local",
        "endpoint_id": "",
        "model": "*",
        "basis": Basis.PER_CALL,
        "price": None if price is None else Decimal(price),
        "completion_price": None,
        "currency": "USD",
        "valid_from": DAY,
        "note": "",
        "created_at": AT,
    }
    return PriceRule(**(values | changes))
