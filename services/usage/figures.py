"""Sums put together: tokens with what was not told, and money with sure, maybe and unknown apart. Pure.

No two currencies are ever added, and what is unknown is counted, never taken for 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from db.usage import UsageSum

NANO: Final = Decimal(1_000_000_000)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sum of tokens, None where no generation told the number; `missing`: how many did not."""

    count: int | None
    missing: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What generations of one certainty cost: billionths by currency, and of how many nobody knows the price."""

    nano: Mapping[str, int]
    unknown: int

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The sums as amounts, exactly."""
        return {currency: Decimal(nano) / NANO for currency, nano in self.nano.items()}

    def each(self, count: int) -> dict[str, Decimal]:
        """Return what one of so many took of each currency; nothing for none."""
        return {currency: amount / count for currency, amount in self.amounts.items()} if count else {}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a group of generations came to. `free`: how many cost nothing; `videos`, `keepers`: outside the trash."""

    generations: int
    prompt: Tokens
    completion: Tokens
    total: Tokens
    sure: Paid
    maybe: Paid
    free: int
    videos: int
    keepers: int


def figures(sums: Iterable[UsageSum]) -> Figures:
    """Add up."""
    rows = list(sums)
    kept = [one for one in rows if one.line.shelf == "kept"]
    count = sum(one.generations for one in rows)
    return Figures(
        generations=count,
        prompt=_tokens(sum(one.prompt_tokens for one in rows), sum(one.prompt_told for one in rows), count),
        completion=_tokens(sum(one.completion_tokens for one in rows), sum(one.completion_told for one in rows), count),
        total=_tokens(sum(one.total_tokens for one in rows), sum(one.total_told for one in rows), count),
        sure=_paid(rows, "sure"),
        maybe=_paid(rows, "maybe"),
        free=sum(one.generations for one in rows if one.line.certainty not in ("sure", "maybe")),
        videos=sum(one.videos for one in kept),
        keepers=sum(one.keepers for one in kept),
    )


def grouped(sums: Iterable[UsageSum], key: Callable[[UsageSum], Key]) -> dict[Key, Figures]:
    """Return the figures of each group."""
    found: dict[Key, list[UsageSum]] = defaultdict(list)
    for one in sums:
        found[key(one)].append(one)
    return {name: figures(rows) for name, rows in found.items()}


def counts(one: UsageSum) -> bool:
    """Tell whether it is part of the totals: it was sent, or the person says that it was charged.

    What was never sent is told on a line of its own: it is no usage.
    """
    return one.line.sent or one.line.certainty in ("sure", "maybe")


def _tokens(count: int, told: int, of: int) -> Tokens:
    return Tokens(count if told else None, of - told)


def _paid(rows: Iterable[UsageSum], certainty: str) -> Paid:
    nano: dict[str, int] = {}
    unknown = 0
    for one in rows:
        if one.line.certainty != certainty:
            continue
        if one.line.currency:
            nano[one.line.currency] = nano.get(one.line.currency, 0) + one.cost_nano
        else:
            unknown += one.generations
    return Paid(dict(sorted(nano.items())), unknown)
