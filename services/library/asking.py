"""From a view of the library to what the database is asked: names looked up, days made facets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from db.library_records import Ask, Conditions, Names, Order
from db.search_entries import model_facet
from db.search_text import fold
from db.search_wanted import Wanted
from services.library.days import day_facets, midnight
from services.library.query import Query, parse

_INSTANT = dt.timedelta.resolution
_BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)


class Shelf(StrEnum):
    """A part of the library that is one click away."""

    ALL = "all"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    FAVOURITES = "favourites"
    TRASH = "trash"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a person looks at. `offset_minutes`: how far their clock is ahead of UTC; `collection` is an id."""

    text: str = ""
    shelf: Shelf = Shelf.ALL
    collection: str = ""
    order: Order = Order.NEWEST
    offset_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """What a view comes to. `unknown` are filters that name a model, tag or collection there is not."""

    ask: Ask
    query: Query
    unknown: tuple[str, ...]


def query_of(view: View, now: dt.datetime) -> Query:
    """Read what was typed, and narrow it to the shelf."""
    today = (now + dt.timedelta(minutes=view.offset_minutes)).date()
    return _on_shelf(parse(view.text, today), view.shelf, today)


def ask_of(view: View, query: Query, names: Names) -> Read:
    """Turn a view into what the database is asked; `names` are what the filters may mean by a name."""
    unknown: list[str] = []
    groups = list(query.facets)
    for kind, asked, known in _named(query, names):
        for name in asked:
            groups.append(_facets_named(name, known))
            if not groups[-1]:
                unknown.append(f"{kind}:{name}")
    if view.collection:
        groups.append(tuple(f"c{one.seq}" for one in names.collections if one.id == view.collection))
    conditions = _conditions(query, view.offset_minutes)
    if conditions.since is not None or conditions.before is not None:
        groups.append(_days(conditions, names))
        conditions = _within_days(conditions)
    wanted = Wanted(query.terms, tuple(groups), trashed=query.trashed)
    return Read(Ask(wanted=wanted, conditions=conditions, order=view.order), query, tuple(unknown))


def _on_shelf(query: Query, shelf: Shelf, today: dt.date) -> Query:
    if shelf is Shelf.TRASH:
        return replace(query, trashed=True)
    if shelf is Shelf.FAVOURITES:
        return replace(query, facets=(*query.facets, ("f",)))
    since = {
        Shelf.TODAY: today,
        Shelf.WEEK: today - dt.timedelta(days=6),
        Shelf.MONTH: today.replace(day=1),
    }.get(shelf)
    return query if since is None else replace(query, since=max(since, query.since or since))


def _named(query: Query, names: Names) -> list[tuple[str, tuple[str, ...], Mapping[str, str]]]:
    """Return each kind of filter that goes by a name, the names asked, and the facet of each name there is."""
    return [
        ("model", query.models, {fold(one): model_facet(one) for one in names.models}),
        ("tag", query.tags, {fold(one.name): f"t{one.seq}" for one in names.tags}),
        ("collection", query.collections, {fold(one.name): f"c{one.seq}" for one in names.collections}),
    ]


def _facets_named(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the facet of exactly this name, or of all names that begin with it."""
    exact = known.get(fold(name))
    if exact is not None:
        return (exact,)
    return tuple(facet for other, facet in known.items() if other.startswith(fold(name)))


def _conditions(query: Query, offset_minutes: int) -> Conditions:
    since, before = (None if day is None else midnight(day, offset_minutes) for day in (query.since, query.before))
    return Conditions(states=query.states, since=since, before=before, numbers=query.numbers)


def _days(conditions: Conditions, names: Names) -> tuple[str, ...]:
    """Return the facets of the days that hold the span, and no day on which nothing can have been made."""
    if names.first is None or names.last is None:
        return ()
    first, last = names.first.date(), names.last.date()
    if conditions.since is not None:
        first = max(first, conditions.since.date())
    if conditions.before is not None:
        last = min(last, (conditions.before - _INSTANT).date() if conditions.before > _BEGINNING else dt.date.min)
    return day_facets(first, last)


def _within_days(conditions: Conditions) -> Conditions:
    """Return what the facets of days, which are UTC's, leave to be looked at: nothing where the reader's days are."""
    return replace(
        conditions,
        since=None if _begins_a_day(conditions.since) else conditions.since,
        before=None if _begins_a_day(conditions.before) else conditions.before,
    )


def _begins_a_day(at: dt.datetime | None) -> bool:
    return at is not None and at.timetz() == dt.time(tzinfo=dt.UTC)
