"""Money: exact, of one currency, rounded once. Pure.

Kept as whole billionths of a unit ("nano"); shown rounded by pages only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final

NANO: Final = 1_000_000_000
MAX_LETTERS: Final = 8
LARGEST_NANO: Final = 9_000_000 * NANO
"""The most one row may cost, in billionths: a thousand such rows still add up in 64 bits."""
EXACT: Final = Context(prec=100, rounding=ROUND_HALF_EVEN)
"""No product of a price and a count that we take loses a digit in it."""


class CurrencyError(ValueError):
    """Two currencies met in one sum: a mistake of ours, never of the person's."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency.

    >>> Money(Decimal("0.1"), "USD") + Money(Decimal("0.2"), "USD")
    Money(amount=Decimal('0.3'), currency='USD')
    """

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        """Add two amounts of one currency.

        Raises:
            CurrencyError: of two.
        """
        if self.currency != other.currency:
            raise CurrencyError(f"{self.currency} and {other.currency} are never added")
        with localcontext(EXACT):
            return Money(self.amount + other.amount, self.currency)

    def times(self, count: int | Decimal) -> Money:
        """Return so many times the amount, exactly."""
        with localcontext(EXACT):
            return Money(self.amount * count, self.currency)

    @property
    def nano(self) -> int:
        """The amount in whole billionths: here, and only here, it is rounded (half to even)."""
        return to_nano(self.amount)

    @classmethod
    def of_nano(cls, nano: int, currency: str) -> Money:
        """Return what was kept."""
        return cls(from_nano(nano), currency)


def to_nano(amount: Decimal) -> int:
    """Return whole billionths, half to even.

    >>> to_nano(Decimal("0.0000000005")), to_nano(Decimal("0.0000000015"))
    (0, 2)
    """
    with localcontext(EXACT):
        return int((amount * NANO).to_integral_value(ROUND_HALF_EVEN))


def from_nano(nano: int) -> Decimal:
    """Return billionths as an amount, exactly."""
    return Decimal(nano).scaleb(-9, EXACT)


def sums(amounts: Iterable[Money]) -> dict[str, Decimal]:
    """Add up each currency by itself, in the order they came.

    >>> sums([Money(Decimal(1), "USD"), Money(Decimal(2), "CNY"), Money(Decimal("0.5"), "USD")])
    {'USD': Decimal('1.5'), 'CNY': Decimal('2')}
    """
    found: dict[str, Decimal] = {}
    with localcontext(EXACT):
        for one in amounts:
            found[one.currency] = found.get(one.currency, Decimal(0)) + one.amount
    return found


def sums_of_nano(amounts: Mapping[str, int]) -> dict[str, Decimal]:
    """Return sums that SQL added up, as amounts."""
    return {currency: from_nano(nano) for currency, nano in amounts.items()}


def currency_of(text: str) -> str | None:
    """Return a currency in its one form, three letters in capitals, others small; None if it is none.

    >>> currency_of(" usd "), currency_of("Credits"), currency_of("$"), currency_of("")
    ('USD', 'credits', None, None)
    """
    word = text.strip()
    if not word.isalpha() or len(word) > MAX_LETTERS:
        return None
    return word.upper() if len(word) == 3 and word.isascii() else word.lower()
