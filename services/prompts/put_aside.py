"""Drafts put aside: several at a time, each with its fields, until they are taken up again, sent or thrown away."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from db import drafts as rows
from db import generations
from db.database import Database
from db.records import Generation
from db.search_text import fold
from services.clock import utc_now
from services.endpoint.text import clean
from services.errors import NotFoundError, PromptError
from services.prompts.desk import Desk, note_of, read
from services.prompts.drafts import MAX_BYTES

LISTED: Final = 100
_ASIDE: Final = "aside-"
_GONE: Final = "gone-"


@dataclass(frozen=True, slots=True)
class Aside:
    """One draft put aside."""

    id: str
    desk: Desk
    kept_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PutAside:
    """One person's drafts put aside, and the prompts sent before."""

    owner: str
    database: Database

    def keep(self, desk: Desk) -> str:
        """Put a desk aside, fields and all; return its id.

        Raises:
            PromptError: nothing is on it, or over 1 MB.
        """
        if not desk.text.strip():
            raise PromptError("there is nothing to put aside", code="prompt_blank")
        kept = json.dumps([note_of(desk), clean(desk.text)], ensure_ascii=False)
        if len(kept.encode("utf-8", "replace")) > MAX_BYTES:
            raise PromptError("over 1 MB", code="prompt_too_long")
        id = token_hex(12)
        with self.database.transaction() as session:
            rows.save(session, self.owner, kept, utc_now(), _ASIDE + id)
        return id

    def all(self) -> list[Aside]:
        """Return what was put aside, the last first."""
        with self.database.reading() as session:
            found = rows.named(session, self.owner, _ASIDE, LISTED)
        return [Aside(one.name.removeprefix(_ASIDE), _read(one.text), one.updated_at) for one in found]

    def take(self, id: str) -> Desk:
        """Take one up: it lies aside no more.

        Raises:
            NotFoundError: there is none.
        """
        with self.database.transaction() as session:
            kept = rows.load(session, self.owner, _ASIDE + id)
            if not kept or not rows.rename(session, self.owner, _ASIDE + id, _GONE + id):
                raise NotFoundError("no such draft")
        return _read(kept)

    def throw_away(self, id: str) -> None:
        """Throw one away; `bring_back` brings it back.

        Raises:
            NotFoundError: there is none.
        """
        self._rename(_ASIDE + id, _GONE + id)

    def bring_back(self, id: str) -> None:
        """Bring back what was thrown away or taken up.

        Raises:
            NotFoundError: there is none.
        """
        self._rename(_GONE + id, _ASIDE + id)

    def sent_before(self, text: str, *, limit: int = 20) -> list[Generation]:
        """Return the prompts sent before that say these words (blank: any), newest first, like prompts once."""
        with self.database.reading() as session:
            found = generations.page(session, self.owner, limit=LISTED, text=text or None)
        wanted = [fold(word) for word in text.split()]
        different: dict[str, Generation] = {}
        for one in found:
            said = fold(one.prompt)
            if all(word in said for word in wanted):  # the search knows answers and notes too: these are no prompts
                different.setdefault(one.prompt.strip(), one)
        return list(different.values())[:limit]

    def _rename(self, name: str, to: str) -> None:
        with self.database.transaction() as session:
            if not rows.rename(session, self.owner, name, to):
                raise NotFoundError("no such draft")


def _read(kept: str) -> Desk:
    note, text = json.loads(kept)
    return read(str(note), str(text))
