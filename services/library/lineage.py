"""The family of a generation, laid out to be drawn: parents left, what came of them right, takes and changes named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from db import family
from db import library as queries
from db.database import Database
from db.family import Relative
from db.library_records import Card
from services.prompts.desk import fields_of
from services.prompts.field_help import changed_fields

MOST = 60
Kind = Literal["first", "take", "remix", "fields", "words", "model"]


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to the parent: nothing (a take), a remix, some fields (their ids), other words, another model."""

    kind: Kind
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is drawn: columns go from parents to children, rows part brothers and sisters."""

    id: str
    parent_id: str | None
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Node:
    """One generation in the picture."""

    place: Place
    card: Card
    change: Change


@dataclass(frozen=True, slots=True)
class Tree:
    """The picture. `more`: the family is larger than is drawn. `orphan`: the first came of one that is gone."""

    nodes: tuple[Node, ...]
    more: bool
    orphan: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """One person's families."""

    owner: str
    database: Database

    def of(self, generation_id: str) -> Tree:
        """Return the family of a generation; without nodes if it is not there."""
        with self.database.reading() as session:
            found = family.family(session, self.owner, generation_id, most=MOST + 1)
            shown = found[:MOST]
            cards = {card.id: card for card in queries.cards(session, self.owner, [one.seq for one in shown])}
        known = {one.id: one for one in shown}
        nodes = tuple(
            Node(place, cards[place.id], change_of(known.get(place.parent_id or ""), known[place.id]))
            for place in placed(shown)
            if place.id in cards
        )
        gone = [one for one in shown if one.parent_id and one.parent_id not in known]
        return Tree(nodes, more=len(found) > MOST, orphan=bool(gone))


def change_of(parent: Relative | None, child: Relative) -> Change:
    """Return what a child changed. Fields are named where both were composed of them."""
    if parent is None:
        return Change("first")
    if parent.prompt == child.prompt:
        return Change("take" if parent.model == child.model else "model")
    if _remix(child) and _remix(child) != _remix(parent):
        return Change("remix")
    changed = (
        changed_fields(fields_of(parent.fields), fields_of(child.fields)) if parent.fields and child.fields else ()
    )
    return Change("fields", changed) if changed else Change("words")


def _remix(one: Relative) -> object:
    """Return what a generation was asked to change of the video it began from; None where it was not."""
    fields = one.fields or {}
    asked = (fields.get("remix"), fields_of(fields).remix)
    return asked if any(asked) else None


def placed(relatives: Sequence[Relative]) -> tuple[Place, ...]:
    """Lay a family out: a child right of its parent, the first child in its parent's row.

    >>> def one(seq, parent): return Relative(seq, str(seq), parent and str(parent), "", "", None)
    >>> [(p.id, p.column, p.row) for p in placed([one(1, None), one(2, 1), one(3, 1), one(4, 2)])]
    [('1', 0, 0), ('2', 1, 0), ('4', 2, 0), ('3', 1, 1)]
    """
    known = {one.id for one in relatives}
    children: dict[str | None, list[Relative]] = {}
    for one in sorted(relatives, key=lambda one: one.seq):
        children.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    places: list[Place] = []
    waiting = [(one, 0, True) for one in reversed(children.get(None, []))]
    row = -1
    while waiting:
        one, column, opens_row = waiting.pop()
        row += opens_row
        places.append(Place(one.id, one.parent_id if one.parent_id in known else None, column, row))
        below = children.get(one.id, [])
        waiting += [(child, column + 1, child is not below[0]) for child in reversed(below)]
    return tuple(places)
