"""Cast cards and continuity blocks of one's own: used word for word in every prompt, so kept word for word."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from db import composing
from db.composing import KeptCard
from db.database import Database
from services.clock import utc_now
from services.endpoint.text import clean
from services.prompts import cards
from services.prompts.cards import Block, Cards
from services.prompts.checked import Checked
from services.prompts.fields import Person
from services.prompts.fields_json import read_as

Kind = Literal["cast", "continuity"]


@dataclass(frozen=True, slots=True)
class OwnCards:
    """One person's cards."""

    owner: str
    database: Database

    def all(self) -> Cards:
        """Return every card, by name."""
        with self.database.reading() as session:
            kept = composing.cards(session, self.owner)
        cast = tuple(read_as(Person, json.loads(one.body)) for one in kept if one.kind == "cast")
        return Cards(cast, tuple(read_as(Block, json.loads(one.body)) for one in kept if one.kind == "continuity"))

    def keep(self, card: Person | Block) -> Checked[Cards]:
        """Keep a card in place of the one of that name, or say what it lacks (a name, something that stays)."""
        one = Cards(cast=(card,)) if isinstance(card, Person) else Cards(continuity=(card,))
        read = cards.from_json(clean(cards.to_json(one)))
        if read.value is not None:
            self.take_in(read.value)
        return read

    def take_in(self, read: Cards) -> int:
        """Keep all cards of a file, in one transaction; one of the same name is replaced. Return how many."""
        rows = [KeptCard("cast", each.name.strip(), _body(each)) for each in read.cast]
        rows += [KeptCard("continuity", each.name.strip(), _body(each)) for each in read.continuity]
        with self.database.transaction() as session:
            for row in rows:
                composing.keep_card(session, self.owner, row, utc_now())
        return len(rows)

    def forget(self, kind: Kind, name: str) -> bool:
        """Put a card away; `bring_back` undoes it."""
        with self.database.transaction() as session:
            return composing.forget_card(session, self.owner, kind, name, utc_now())

    def bring_back(self, kind: Kind, name: str) -> bool:
        """Undo `forget`."""
        with self.database.transaction() as session:
            return composing.forget_card(session, self.owner, kind, name, None)


def _body(card: Person | Block) -> str:
    return json.dumps(asdict(card), ensure_ascii=False)
