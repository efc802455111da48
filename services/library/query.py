"""What is typed into the search box: words, "phrases" and filters. Pure.

Nothing typed is an error and nothing is syntax by accident: what looks like a filter and is none is searched as words,
and `odd` names it so that the page can say so.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from db.library_records import Number
from db.search_text import MAX_TOKENS, phrase, squeezed, tokens
from db.search_wanted import Term
from db.states import IN_FLIGHT, UNFINISHED, WAITING, Outcome, State
from services.library.days import day_of
from services.usage.money import currency_of

MAX_CHARS: Final = 4_000
SHORTEST_ID: Final = 8
_QUOTES: Final = str.maketrans("“”„‟«»「」『』", '""""""""""')
_PART: Final = re.compile(
    r'(?P<key>[A-Za-z]{2,12})[:：](?P<value>"[^"]*"|[^\s"]+)|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)'
)
_NUMBER: Final = re.compile(r"(>=|<=|=|>|<)?(\d{1,9}(?:\.\d{1,6})?)")
HAS: Final = {
    "video": ("hvideo",),
    "link": ("hlink",),
    "note": ("hnote",),
    "notes": ("hnote",),
    "tag": ("htag",),
    "tags": ("htag",),
    "collection": ("hcollection",),
    "rating": ("r1", "r2", "r3", "r4", "r5"),
}
IS: Final = {
    **dict.fromkeys(("favourite", "favorite", "fav"), ("f",)),
    "rated": HAS["rating"],
    "unrated": ("r0",),
    "demo": ("kdemo",),
    "imported": ("kimported",),
}
_GROUPS: Final = {"waiting": WAITING, "running": IN_FLIGHT, "unfinished": UNFINISHED}
_COST: Final = re.compile(r"(>=|<=|=|>|<)?(\d{1,9}(?:\.\d{1,9})?)([^\W\d_]{0,8})")
_NANO: Final = 1_000_000_000
_COLUMNS: Final = {"tokens": "total_tokens", "took": "duration_seconds"}


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. `models`, `tags` and `collections` are names as typed, to be looked up; all must be true.

    `since` and `before` are days of the reader.
    """

    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    facets: tuple[tuple[str, ...], ...] = ()
    states: frozenset[State] | None = None
    models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    since: dt.date | None = None
    before: dt.date | None = None
    numbers: tuple[Number, ...] = ()
    trashed: bool = False
    odd: tuple[str, ...] = ()


def parse(text: str, today: dt.date) -> Query:
    """Read what was typed.

    >>> query = parse('夜景 "slow push" rating:>=4 rating:many', dt.date(2026, 3, 15))
    >>> query.facets, query.odd, query.words
    ((('r4', 'r5'),), ('rating:many',), ('夜景', 'slow push', 'rating:many'))
    """
    query = Query()
    for part in _PART.finditer(text[:MAX_CHARS].translate(_QUOTES)):
        query = _with_part(query, part, today)
    return query


def _with_part(query: Query, part: re.Match[str], today: dt.date) -> Query:
    if part["key"] is None:
        return _with_words(query, part["phrase"] if part["word"] is None else part["word"], exact=part["word"] is None)
    read = FILTERS.get(part["key"].lower())
    if read is not None:
        value = unicodedata.normalize("NFKC", part["value"]).strip('"').strip()
        filtered = read(query, value, today) if value else None
        if filtered is not None:
            return filtered
        query = replace(query, odd=(*query.odd, part[0]))
    return _with_words(query, part[0], exact=False)


def _with_words(query: Query, text: str, *, exact: bool) -> Query:
    room = MAX_TOKENS - sum(len(term.tokens) for term in query.terms)
    one = phrase(text) if exact else None
    found = tuple(([one] if one else []) if exact else tokens(text))[:room]
    if not found:
        return query
    short = squeezed(text)
    id = short if not exact and len(short) >= SHORTEST_ID and short.isascii() and short.isalnum() else ""
    return replace(query, terms=(*query.terms, Term(found, id[:40])), words=(*query.words, text))


def _state(query: Query, value: str, today: dt.date) -> Query | None:
    """Narrow by state or outcome; unfinished states are one facet, for they change: their rows are looked at."""
    facets: list[str] = []
    states: set[State] = set()
    for name in (one.replace("-", "_") for one in re.split(r"[,|]", value.lower()) if one):
        if name in _GROUPS:
            states |= _GROUPS[name]
        elif name in State.__members__.values():
            states.add(State(name))
        elif name in Outcome.__members__.values():
            facets.append(f"o{name}")
        else:
            return None
    ended = [f"s{state.replace('_', '')}" for state in sorted(states - UNFINISHED)]
    if states & UNFINISHED and facets:  # a row cannot be asked for one or the other
        return None
    group = (*facets, *ended, *(["sunfinished"] if states & UNFINISHED else []))
    looked_at = frozenset(states) if states & UNFINISHED else None
    both = looked_at if query.states is None or looked_at is None else query.states & looked_at
    return replace(query, facets=(*query.facets, group), states=query.states if looked_at is None else both)


def _rating(query: Query, value: str, today: dt.date) -> Query | None:
    if value.lower() in ("none", "no"):
        return replace(query, facets=(*query.facets, ("r0",)))
    number = _NUMBER.fullmatch(value)
    if number is None:
        return None
    stars = tuple(f"r{one}" for one in range(1, 6) if _holds(one, number[1] or "=", float(number[2])))
    return replace(query, facets=(*query.facets, stars))


def _holds(value: float, sign: str, bound: float) -> bool:
    return {">": value > bound, ">=": value >= bound, "<": value < bound, "<=": value <= bound}.get(
        sign, value == bound
    )


def _since(query: Query, value: str, today: dt.date) -> Query | None:
    day = day_of(value.lower(), today)
    return None if day is None else replace(query, since=max(day, query.since or day))


def _before(query: Query, value: str, today: dt.date) -> Query | None:
    day = day_of(value.lower(), today)
    return None if day is None else replace(query, before=min(day, query.before or day))


def _on(query: Query, value: str, today: dt.date) -> Query | None:
    day = day_of(value.lower(), today)
    if day is None or day == dt.date.max:
        return None
    query = replace(query, since=max(day, query.since or day))
    end = day + dt.timedelta(days=1)
    return replace(query, before=min(end, query.before or end))


def _one_of(known: dict[str, tuple[str, ...]]) -> Callable[[Query, str, dt.date], Query | None]:
    def read(query: Query, value: str, today: dt.date) -> Query | None:
        facets = known.get(value.lower())
        return None if facets is None else replace(query, facets=(*query.facets, facets))

    return read


def _in(query: Query, value: str, today: dt.date) -> Query | None:
    return replace(query, trashed=True) if value.lower() in ("trash", "bin") else None


def _cost(query: Query, value: str, today: dt.date) -> Query | None:
    """Narrow by what was spent, in any or (cost:>1USD) in one; `unknown`: nobody knows it. Kept in billionths."""
    if value.lower() in ("unknown", "未知"):
        return replace(query, numbers=(*query.numbers, Number("cost_nano", "unknown", 0)))
    found = _COST.fullmatch(value)
    if found is None:
        return None
    amount = Number("cost_nano", found[1] or "=", int(Decimal(found[2]) * _NANO))
    currency = currency_of(found[3])
    told = (amount,) if currency is None else (amount, Number("cost_currency", "=", currency))
    return replace(query, numbers=(*query.numbers, *told))


def _number(column: str) -> Callable[[Query, str, dt.date], Query | None]:
    def read(query: Query, value: str, today: dt.date) -> Query | None:
        number = _NUMBER.fullmatch(value)
        if number is None:
            return None
        return replace(query, numbers=(*query.numbers, Number(column, number[1] or "=", float(number[2]))))

    return read


FILTERS: Final[dict[str, Callable[[Query, str, dt.date], Query | None]]] = {
    "model": lambda query, value, today: replace(query, models=(*query.models, value)),
    "tag": lambda query, value, today: replace(query, tags=(*query.tags, value)),
    "collection": lambda query, value, today: replace(query, collections=(*query.collections, value)),
    "state": _state,
    "rating": _rating,
    "after": _since,
    "before": _before,
    "on": _on,
    "has": _one_of(HAS),
    "is": _one_of(IS),
    "in": _in,
    "cost": _cost,
    **{key: _number(column) for key, column in _COLUMNS.items()},
}
