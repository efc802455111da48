"""Cast cards and continuity blocks: words that are used the very same each time, kept apart from any prompt. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from services.prompts.checked import Checked, Problem, checked
from services.prompts.fields import Fields, Person
from services.prompts.fields_json import read_as
from services.prompts.marks import N_

KIND: Final = "dailies-cards"
MAX_CARDS: Final = 500
NOT_OURS: Final = N_("This is not a file of cards: it has no list called cast or continuity.")
NO_NAME: Final = N_("A card needs a name.")
NOTHING_FIXED: Final = N_("The card {name} says nothing that stays the same.")
TOO_MANY: Final = N_("There are {count} cards; at most {limit} at once.")


@dataclass(frozen=True, slots=True)
class Block:
    """A named text that is put in front of every shot."""

    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards of a file."""

    cast: tuple[Person, ...] = ()
    continuity: tuple[Block, ...] = ()


def with_person(fields: Fields, person: Person) -> Fields:
    """Return the fields with a card's person, word for word: in place of one of that name, else at the end.

    >>> with_person(Fields(cast=(Person("Mei", ("tall",)),)), Person("mei", ("red coat",))).cast
    (Person(name='mei', traits=('red coat',)),)
    """
    names = [each.name.strip().casefold() for each in fields.cast]
    wanted = person.name.strip().casefold()
    if wanted not in names:
        return replace(fields, cast=(*fields.cast, person))
    place = names.index(wanted)
    return replace(fields, cast=(*fields.cast[:place], person, *fields.cast[place + 1 :]))


def with_block(fields: Fields, block: Block) -> Fields:
    """Return the fields with a continuity block in place of the one before."""
    return replace(fields, continuity=block.text)


def missing_traits(text: str, person: Person) -> tuple[str, ...]:
    """Return the traits that a text, edited by hand, no longer says word for word.

    >>> missing_traits("Mei, red coat, walks", Person("Mei", ("red coat", "short hair")))
    ('short hair',)
    """
    return tuple(trait for trait in person.traits if trait.strip() and trait.strip() not in text)


def to_json(cards: Cards) -> str:
    """Return cards as a JSON file."""
    return json.dumps({"kind": KIND, "version": 1, **asdict(cards)}, ensure_ascii=False, indent=1)


def from_json(text: str) -> Checked[Cards]:
    """Return the cards of a JSON file, or everything that is wrong with it."""
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        kept = None
    lists = {name: kept.get(name, []) for name in ("cast", "continuity")} if isinstance(kept, Mapping) else {}
    if not any(lists.values()) or not all(isinstance(each, list) for each in lists.values()):
        return Checked(None, (Problem("cards_not_ours", NOT_OURS),))
    count = sum(len(each) for each in lists.values())
    if count > MAX_CARDS:
        return Checked(None, (Problem("cards_too_many", TOO_MANY, {"count": str(count), "limit": str(MAX_CARDS)}),))
    cast = tuple(read_as(Person, each) for each in lists["cast"])
    blocks = tuple(read_as(Block, each) for each in lists["continuity"])
    fixed = [(f"cast[{i}]", one.name, any(trait.strip() for trait in one.traits)) for i, one in enumerate(cast)]
    fixed += [(f"continuity[{i}]", one.name, bool(one.text.strip())) for i, one in enumerate(blocks)]
    return checked(Cards(cast, blocks), list(_problems(fixed)))


def _problems(fixed: Iterable[tuple[str, str, bool]]) -> Iterable[Problem]:
    for path, name, says in fixed:
        if not name.strip():
            yield Problem("card_no_name", NO_NAME, column=path)
        elif not says:
            yield Problem("card_empty", NOTHING_FIXED, {"name": name}, column=path)
