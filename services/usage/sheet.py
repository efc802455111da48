"""The figures of the Usage page as a table for a spreadsheet: every line of it, so that it can be added up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from db.usage import UsageSum
from services.csv_cells import as_csv
from services.usage.figures import NANO
from services.usage.spans import Span

COLUMNS: Final = (
    *("from", "to", "person", "collection", "endpoint", "model", "state", "sent", "demo", "charged", "where"),
    *("generations", "prompt_tokens", "prompt_tokens_missing", "completion_tokens", "completion_tokens_missing"),
    *("total_tokens", "total_tokens_missing", "cost", "currency", "cost_unknown", "kept_videos", "keepers"),
)


def sheet(of: Span, sums: Iterable[UsageSum], collections: Mapping[int, str]) -> bytes:
    """Return a CSV file: one line for all that was counted together. Unknown amounts are empty, their number is told.

    With `collections` the sums are those of each collection, and one generation may stand in several.
    """
    rows = sorted(sums, key=lambda one: (one.bucket, *map(str, _words(one, collections))))
    return as_csv([COLUMNS, *_lines(of, rows, collections)])


def _lines(of: Span, sums: Iterable[UsageSum], collections: Mapping[int, str]) -> Iterator[tuple[object, ...]]:
    day = dt.timedelta(days=1)
    for one in sums:
        costs = one.line.certainty in ("sure", "maybe")
        yield (
            *(of.edges[one.bucket].date(), of.edges[one.bucket + 1].date() - day),
            *_words(one, collections),
            one.generations,
            *_tokens(one.prompt_tokens, one.prompt_told, one.generations),
            *_tokens(one.completion_tokens, one.completion_told, one.generations),
            *_tokens(one.total_tokens, one.total_told, one.generations),
            *(_exact(one.cost_nano) if one.line.currency else None if costs else 0, one.line.currency),
            *(one.generations if costs and not one.line.currency else 0, one.videos, one.keepers),
        )


def _words(one: UsageSum, collections: Mapping[int, str]) -> tuple[str, ...]:
    line = one.line
    return (
        *(line.owner, collections.get(line.collection_seq, ""), line.endpoint_name, line.model, line.state),
        *("yes" if line.sent else "no", "yes" if line.demo else "no", line.certainty, line.shelf),
    )


def _tokens(count: int, told: int, of: int) -> tuple[int | None, int]:
    return count if told else None, of - told


def _exact(nano: int) -> str:
    """Return an amount with all its digits and no exponent.

    >>> _exact(1_500_000_000), _exact(1), _exact(0)
    ('1.5', '0.000000001', '0')
    """
    text = f"{Decimal(nano) / NANO:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
