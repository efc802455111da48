"""What the library hands out: cards, which are far lighter than generations, and what stands beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from db.search_wanted import Wanted
from db.states import Outcome, State, VideoState


class Order(StrEnum):
    """How a page is sorted; within equals the newest comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    PROMPT = "prompt"
    """Those whose prompt holds the words before those whose answer, notes or tags do."""


@dataclass(frozen=True, slots=True)
class Number:
    """A condition on a figure of a generation, or on its currency; unknown figures fulfil none but "unknown"."""

    column: str
    sign: str
    value: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What no word of the index tells exactly: each hit's row is looked at."""

    states: frozenset[State] | None = None
    since: dt.datetime | None = None
    before: dt.datetime | None = None
    numbers: tuple[Number, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return self != Conditions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """All that a page of the library is asked for."""

    wanted: Wanted = field(default_factory=Wanted)
    conditions: Conditions = field(default_factory=Conditions)
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after which a page begins: the part of the order it is in, and the last seq seen there."""

    part: int
    seq: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The seqs of a page and where the next begins. `given_up`: there may be more, but enough was looked through."""

    seqs: tuple[int, ...]
    next: Cursor | None
    given_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardVideo:
    """What a card shows of a video."""

    id: str
    generation_id: str
    state: VideoState
    poster: bool
    duration_seconds: float | None
    error_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the library shows of a generation. `prompt` and `content` are beginnings."""

    seq: int
    id: str
    state: State
    outcome: Outcome | None
    prompt: str
    content: str
    notes: str
    model: str
    demo: bool
    total_tokens: int | None
    duration_seconds: float | None
    created_at: dt.datetime
    favourite: bool
    rating: int | None
    trashed_at: dt.datetime | None
    tags: tuple[str, ...] = ()
    videos: tuple[CardVideo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A named set of generations."""

    id: str
    seq: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Named:
    """A tag or a collection (`id`) as a filter names it."""

    seq: int
    name: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the filters of an owner may name, and the times of their first and last generation; what is not needed is
    left empty.
    """

    models: tuple[str, ...] = ()
    tags: tuple[Named, ...] = ()
    collections: tuple[Named, ...] = ()
    first: dt.datetime | None = None
    last: dt.datetime | None = None
