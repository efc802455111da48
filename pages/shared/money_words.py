"""Money in words: the one place that writes an amount. Rounded here, and nowhere before."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.generations import Generation
    from services.usage.estimates import Expectation

_NANO = Decimal(1_000_000_000)


def money_said(amount: Decimal, currency: str, *, most: bool = False) -> str:
    """Return an amount with its currency: two decimals, below 1 three figures; `most`: never rounded down.

    >>> money_said(Decimal("1234.5"), "USD"), money_said(Decimal("0.3"), "CNY"), money_said(Decimal("0.0020381"), "USD")
    ('1,234.50 USD', '0.30 CNY', '0.00204 USD')
    >>> money_said(Decimal("0.1231"), "USD", most=True), money_said(Decimal(0), "USD")
    ('0.124 USD', '0.00 USD')
    """
    places = 2 if abs(amount) >= 1 or not amount else max(2, 2 - amount.adjusted())
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_CEILING if most else ROUND_HALF_EVEN)
    whole, _point, rest = f"{rounded:,f}".partition(".")
    return f"{whole}.{rest.rstrip('0').ljust(2, '0')} {currency}"


def sums_said(amounts: Mapping[str, Decimal], *, most: bool = False) -> str:
    """Return amounts of several currencies beside each other: they are never added."""
    return " + ".join(money_said(amount, currency, most=most) for currency, amount in amounts.items())


def nano_said(nano: int | None, currency: str | None) -> str:
    """Return an amount as it is kept; None is unknown."""
    return _("unknown") if nano is None else money_said(nano / _NANO, currency or "")


def nanos_said(sums: Mapping[str, int]) -> str:
    """Return kept sums of several currencies beside each other; "" if there are none."""
    return sums_said({currency: nano / _NANO for currency, nano in sums.items()})


def amounts_said(told: Expectation) -> str:
    """Return the amounts of an expectation alone."""
    return sums_said(told.amounts, most=told.kind == "at_most")


def expected_said(told: Expectation) -> str:
    """Return what sending may cost, as a button says it: free, at most, about, or unknown; what is unknown, apart."""
    if told.free:
        return _("free")
    if not told.amounts:
        return _("cost unknown")
    said = _kind(told.kind).format(cost=amounts_said(told))
    if not told.unknown:
        return said
    more = ngettext("{count} with unknown cost", "{count} with unknown cost", told.unknown)
    return f"{said} + {more.format(count=f'{told.unknown:,}')}"


def estimate_said(generation: Generation) -> str:
    """Return what a generation was expected to cost when it was sent."""
    if generation.estimate_nano is None:
        return _("free") if generation.demo else _("unknown")
    most = generation.estimate_kind == "at_most"
    amount = money_said(generation.estimate_nano / _NANO, generation.estimate_currency or "", most=most)
    return _kind(generation.estimate_kind or "about").format(cost=amount)


def cost_said(generation: Generation) -> str:
    """Return what a generation cost as far as is known: an amount, perhaps an amount, nothing, or unknown."""
    from services.usage.certainty import Certainty, certainty

    sure = certainty(replace(generation, imported_at=None))  # what was brought in was paid where it was made
    if generation.demo:
        return _("free")
    if sure in {Certainty.NONE, Certainty.NOT_CHARGED}:
        return _("not charged")
    if sure is Certainty.PENDING:
        return estimate_said(generation)
    amount = nano_said(generation.cost_nano, generation.cost_currency)
    return (
        amount if sure is Certainty.SURE or generation.cost_nano is None else _("{cost}, perhaps").format(cost=amount)
    )


def _kind(kind: str) -> str:
    return _("at most {cost}") if kind == "at_most" else _("about {cost}")
