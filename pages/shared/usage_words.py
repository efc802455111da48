"""Figures of the Usage page as words: what is unknown is called so, and no two currencies share a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared.figures_table import NONE
from pages.shared.i18n import gettext as _
from pages.shared.money_words import money_said
from pages.shared.plain import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.usage.figures import Figures, Paid, Tokens
    from services.usage.reading import UsageSum


def paid(money: Paid) -> str:
    """Return a table's cell: the known sums; "unknown" where there is no other, nothing where nothing was spent."""
    return "\n".join(money_said(value, currency) for currency, value in money.amounts.items()) or (
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
