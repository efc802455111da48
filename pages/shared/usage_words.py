"""Figures of the Usage page as words: what is unknown is called so, and no two currencies share a number."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pages.shared.figures_table import NONE
from pages.shared.i18n import gettext as _
from pages.shared.plain import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from services.usage import UsageSum
    from services.usage.figures import Figures, Paid, Tokens


def amount(value: Decimal, currency: str) -> str:
    """Return an amount for reading, on one line: two places, four where it is small and two would not do.

    >>> [amount(Decimal(each), "USD").split()[0] for each in ("1234.5", "0.0012345", "0.08", "0")]
    ['1,234.50', '0.0012', '0.08', '0.00']
    """
    small = abs(value) < Decimal("0.1") and value != round(value, 2)
    return f"{value:,.4f}\N{NO-BREAK SPACE}{currency}" if small else f"{value:,.2f}\N{NO-BREAK SPACE}{currency}"


def amounts(by_currency: Mapping[str, Decimal]) -> str:
    """Return the sum of each currency by itself; nothing for none."""
    return " + ".join(amount(value, currency) for currency, value in by_currency.items())


def paid(money: Paid) -> str:
    """Return a table's cell: the known sums; "unknown" where there is no other, nothing where nothing was spent."""
    return "\n".join(amount(value, currency) for currency, value in money.amounts.items()) or (
        _("unknown") if money.unknown else NONE
    )


def unknown(of: Figures) -> str:
    """Return of how many that may have cost something no price is known."""
    count = of.sure.unknown + of.maybe.unknown
    return f"{count:,}" if count else NONE


def tokens(total: Tokens) -> str:
    """Return a sum of tokens; None is unknown, never 0."""
    return _("unknown") if total.count is None else f"{total.count:,}"


def endpoint_names(sums: Iterable[UsageSum]) -> dict[str, str]:
    """Return what each endpoint was called last."""
    return {
        one.line.endpoint_id: shortened(one.line.endpoint_name, 60) for one in sorted(sums, key=lambda one: one.bucket)
    }
