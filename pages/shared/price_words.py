"""Price rules in words: what a price is for, how much, from when."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

BASES: Final = {
    "per_call": N_("each video"),
    "per_second": N_("each second of video"),
    "per_token": N_("each token"),
    "unknown": N_("unknown"),
}


def price_said(basis: str, price: str | None, completion_price: str | None, currency: str) -> str:
    """Return a price as a person would say it; the figures as they were typed."""
    if basis == "per_call":
        return _("{price} {currency} each").format(price=figure(price), currency=currency)
    if basis == "per_second":
        return _("{price} {currency} a second of video").format(price=figure(price), currency=currency)
    if basis == "per_token":
        return _("{price} and {completion} {currency} for a million prompt and answer tokens").format(
            price=figure(price), completion=figure(completion_price), currency=currency
        )
    return _("unknown price")


def figure(price: str | None) -> str:
    """Return a price as it was typed, two decimals at least, with thousands apart.

    >>> figure("0.3"), figure("1200"), figure("0.000125")
    ('0.30', '1,200.00', '0.000125')
    """
    if price is None:
        return _("unknown")
    whole, _point, rest = f"{Decimal(price):,f}".partition(".")
    return f"{whole}.{rest.ljust(2, '0')}"


def model_said(pattern: str) -> str:
    """Return which models are meant."""
    return _("any model") if pattern == "*" else plain(pattern, 60)


def for_what(model: str, endpoint: str) -> str:
    """Return which models of which endpoint a price is for. Both are foreign text."""
    where = plain(endpoint, 60) if endpoint else _("any endpoint")
    return f"{model_said(model)} · {where}"


def rule_said(told: Mapping[str, str | None]) -> str:
    """Return a rule as it stands beside a cost."""
    price = price_said(str(told["basis"]), told["price"], told["completion_price"], plain(str(told["currency"]), 8))
    return _("{price}, from {day} on").format(price=price, day=told["valid_from"])
