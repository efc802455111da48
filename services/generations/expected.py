"""What a batch is expected to take: from one's own rows, and unknown where they are too few."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import durations
from services.endpoint.views import EndpointView
from services.generations.pace import pace
from services.generations.use_cases import Generations

if TYPE_CHECKING:
    from services.generations.batch import Row
    from services.usage.estimates import Asked


@dataclass(frozen=True, slots=True)
class Expected:
    """`seconds` until the last has ended, None: unknown. `free`: the demo endpoint answers; else cost unknown."""

    seconds: float | None
    free: bool


def expected(mine: Generations, endpoint: EndpointView, counts: Mapping[str, int]) -> Expected:
    """Return what so many prompts a model may take at this endpoint, as many at once as it lets."""
    if not counts:
        return Expected(None, endpoint.demo)
    with mine.database.reading() as session:
        took = durations.recent(session, mine.owner)
    paces = {model: pace(took, endpoint.id, model, None, demo=endpoint.demo) for model in counts}
    each = {model: known.median for model, known in paces.items() if known is not None}
    if len(each) < len(counts):
        return Expected(None, endpoint.demo)
    at_once = min(mine.settings.person_concurrency, endpoint.concurrency or mine.settings.endpoint_concurrency)
    rounds = sum(each[model] * count for model, count in counts.items()) / max(1, at_once)
    longest = max(each.values())
    return Expected(max(longest, math.ceil(rounds / longest) * longest if longest else 0.0), endpoint.demo)


def asked_of(row: Row) -> Asked:
    """Return one prompt of a batch as what an estimate is made of."""
    from services.usage.estimates import Asked  # not needed before several are sent

    return Asked(row.model, row.request, row.prompt, row.item.controls)


def columns_of(mine: Generations, endpoint: EndpointView, rows: Iterable[Row]) -> dict[int, dict[str, Any]]:
    """Return what each row may cost, as its columns, by the row's `id()`: takes are one row several times."""
    from services.usage.estimates import columns_by, known_of

    with mine.database.reading() as session:
        known = known_of(session, mine.owner)
    each = {id(row): row for row in rows}
    return {key: columns_by(known, endpoint, asked_of(row)) for key, row in each.items()}
