"""What works for one person: ratings by what was asked for, by the one thing that was changed, and what a keeper takes.

Source: PRODUCT.md, delight 9. What is not known is None; a mean of few is told as such (`few`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean
from typing import Final

from db import ratings
from db.database import Database
from db.ratings import Rated
from services.clock import utc_now
from services.library.differing import text_of
from services.prompts.desk import fields_of
from services.prompts.field_help import FIELDS, changed_fields
from services.prompts.fields import LIST_OF, Fields
from services.prompts.findings import part
from services.prompts.vocabulary import Language, key
from services.usage.figures import counts, figures
from services.usage.reading import Reach, Usage

NEWEST: Final = 2_000
ENOUGH: Final = 5
KEEPER: Final = 4
MODEL: Final = "model"
_PARTS: Final = tuple(path for path in LIST_OF if path not in ("purpose", "dialogue.manner"))


@dataclass(frozen=True, slots=True)
class Mean:
    """How often a value was rated, and the mean of the ratings (or of the changes of rating)."""

    name: str
    mean: float
    count: int

    @property
    def few(self) -> bool:
        """Whether this is too few to mean much."""
        return self.count < ENOUGH


@dataclass(frozen=True, slots=True)
class Keepers:
    """What keepers (rated 4 and more) took in the last 90 days, the demo apart. None: unknown.

    `cost_each` by currency: what surely was paid for all, shared by the keepers; of `cost_unknown` no price is known.
    """

    count: int
    made: int
    tokens_each: float | None
    tokens_unknown: int
    cost_each: Mapping[str, Decimal]
    cost_unknown: int


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `values` by part of the fields, `changes` by field; `demo`: there is nothing but the demo yet."""

    rated: int
    values: Mapping[str, tuple[Mean, ...]]
    changes: Mapping[str, tuple[Mean, ...]]
    keepers: Keepers
    demo: bool


@dataclass(frozen=True, slots=True)
class Works:
    """One person's ratings, read."""

    owner: str
    database: Database

    def report(self, language: Language) -> Report:
        """Return what the newest `NEWEST` ratings tell; what was changed is said in a language."""
        with self.database.reading() as session:
            found = ratings.newest(session, self.owner, limit=NEWEST)
            real = [one for one in found if not one.demo]
            used = real or found
            known = {one.id: one for one in used}
            missing = {one.parent_id for one in used if one.parent_id} - set(known)
            parents = known | {one.id: one for one in ratings.of_ids(session, self.owner, missing)}
        return Report(
            rated=len(used),
            values=by_value(used),
            changes=by_change(used, parents, language),
            keepers=self._keepers(real),
            demo=bool(found) and not real,
        )

    def _keepers(self, real: Sequence[Rated]) -> Keepers:
        usage = Usage(self.owner, self.database)
        of = usage.span(Reach.QUARTER, utc_now())
        told = figures(one for one in usage.sums(of.whole) if not one.line.demo and counts(one))
        count = sum(one.rating >= KEEPER and one.created_at >= of.edges[0] for one in real)
        return Keepers(
            count=count,
            made=told.generations,
            tokens_each=told.total.count / count if count and told.total.count else None,
            tokens_unknown=told.total.missing,
            cost_each=told.sure.each(count),
            cost_unknown=told.sure.unknown,
        )


def by_value(rated: Iterable[Rated]) -> dict[str, tuple[Mean, ...]]:
    """Return the mean rating of each value of each part of the fields, and of each model; the best first."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in rated:
        found[MODEL][one.model].append(one.rating)
        fields = fields_of(one.fields) if one.fields else None
        for path, value in _values(fields) if fields else ():
            found[path][value].append(one.rating)
    return {path: _means(found[path]) for path in (MODEL, *_PARTS) if path in found}


def by_change(rated: Iterable[Rated], parents: Mapping[str, Rated], language: Language) -> dict[str, tuple[Mean, ...]]:
    """Return, where a child differs from its rated parent in one field alone, by how much its rating does."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for child in rated:
        parent = parents.get(child.parent_id or "")
        field = _only_change(parent, child) if parent else None
        if parent and field:
            found[field][_said(field, parent, child, language)].append(child.rating - parent.rating)
    order = (MODEL, *(each.id for each in FIELDS))
    return {field: _means(found[field]) for field in order if field in found}


def _means(found: Mapping[str, Sequence[float]]) -> tuple[Mean, ...]:
    means = [Mean(name, fmean(numbers), len(numbers)) for name, numbers in found.items()]
    return tuple(sorted(means, key=lambda one: (one.few, -one.mean, -one.count, one.name)))


def _values(fields: Fields) -> Iterator[tuple[str, str]]:
    for path in _PARTS:
        for value in dict.fromkeys(key(each, LIST_OF[path]) for each in part(fields, path)):
            if value:
                yield path, value


def _only_change(parent: Rated, child: Rated) -> str | None:
    """Return the one field that differs; `model` where the words are the same."""
    if parent.model != child.model:
        return MODEL if parent.prompt == child.prompt else None
    if not (parent.fields and child.fields):
        return None
    changed = changed_fields(fields_of(parent.fields), fields_of(child.fields))
    return changed[0] if len(changed) == 1 else None


def _said(field: str, parent: Rated, child: Rated, language: Language) -> str:
    if field == MODEL:
        return f"{parent.model} → {child.model}"
    asked = next(each for each in FIELDS if each.id == field)
    before, after = (text_of(fields_of(one.fields), asked, language) or "–" for one in (parent, child))
    return f"{before} → {after}"
