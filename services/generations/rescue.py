"""The rescue desk: every generation that ended without its video, and what can still be done for it.

Nothing here sends anything by itself, and nothing replaces what the endpoint sent: a person's word and a person's
pastes are kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import pastes
from db import rescue as rows
from db.records import Generation, Paste
from services.generations import rescue_attach, rescue_marks, rescue_resend
from services.generations.rescue_attach import Attached
from services.generations.rescue_marks import Charged
from services.generations.rescue_resend import Resent
from services.generations.use_cases import Generations
from services.media.link_life import Expectation
from services.media.link_lives import LinkLives

if TYPE_CHECKING:
    from services.generations.rescue_reading import Reading

COUNTED = 100
"""Counting stops here: more is "99+"."""

__all__ = ["COUNTED", "Attached", "Charged", "Page", "Rescue", "Resent"]


@dataclass(frozen=True, slots=True)
class Page:
    """Some unhappy generations, newest first, and where the next page begins; `next_seq` None at the end."""

    items: list[Generation]
    next_seq: int | None


@dataclass(frozen=True, slots=True)
class Rescue:
    """One person's rescue desk."""

    generations: Generations

    def page(self, *, before_seq: int | None = None, limit: int = 20) -> Page:
        """Return unhappy generations older than `before_seq`."""
        mine = self.generations
        with mine.database.reading() as session:
            found = rows.page(session, mine.owner, before_seq=before_seq, limit=limit + 1)
        return Page(items=found[:limit], next_seq=found[limit - 1].seq if len(found) > limit else None)

    def count(self) -> int:
        """Return how many are unhappy, `COUNTED` at most."""
        mine = self.generations
        with mine.database.reading() as session:
            return rows.count(session, mine.owner, at_most=COUNTED)

    def is_unhappy(self, generation_id: str) -> bool:
        """Tell whether one wants rescuing."""
        mine = self.generations
        with mine.database.reading() as session:
            return rows.is_unhappy(session, mine.owner, generation_id)

    def read(self, generation_id: str, text: str) -> Reading:
        """Return what is found in a text, as if the endpoint had sent it; nothing is kept.

        Raises:
            NotFoundError: no such generation.
            PasteError: blank, or too long.
        """
        from services.generations.rescue_reading import checked_paste, read_paste

        return read_paste(checked_paste(text), self.generations.get(generation_id).base_url)

    def attach(self, generation_id: str, text: str, urls: Sequence[str]) -> Attached:
        """Keep a paste with its generation and have the chosen links saved as its videos.

        Raises:
            NotFoundError: no such generation.
            StateError: it has not ended.
            PasteError: blank, or too long.
        """
        return rescue_attach.attach(self.generations, generation_id, text, urls)

    def pastes(self, generation_id: str) -> list[Paste]:
        """Return what was pasted to one, newest first."""
        mine = self.generations
        with mine.database.reading() as session:
            return pastes.of(session, mine.owner, generation_id)

    def fetch_again(self, generation_ids: Sequence[str]) -> int:
        """Try again to save every failed video of these; return how many videos. Free to repeat."""
        return rescue_marks.fetch_again(self.generations, generation_ids)

    def mark(self, generation_ids: Sequence[str], charged: Charged) -> int:
        """Note what the bill says of these; return for how many that was news."""
        return rescue_marks.mark(self.generations, generation_ids, charged)

    def dismiss(self, generation_ids: Sequence[str]) -> int:
        """Be done with these: they leave the desk, and nothing else changes; return how many."""
        return rescue_marks.dismiss(self.generations, generation_ids)

    def bring_back(self, generation_ids: Sequence[str]) -> int:
        """Take `dismiss` back; return how many came back."""
        return rescue_marks.bring_back(self.generations, generation_ids)

    def send_again(self, nonces: Mapping[str, str], *, confirmed: bool = False) -> Resent:
        """Send the prompts of these generations once more; `nonces` holds a ticket for each id.

        Raises:
            ConfirmationError: some may be charged twice; nothing was sent.
        """
        return rescue_resend.send_again(self.generations, nonces, confirmed=confirmed)

    def may_be_charged_twice(self, generation_ids: Sequence[str]) -> int:
        """Return how many of these may be charged a second time when they are sent again."""
        return rescue_resend.risky(self.generations, generation_ids)

    def expect(self, generation: Generation) -> dict[str, Expectation]:
        """Return what is expected of the links of its videos, by video id."""
        mine = self.generations
        lives = LinkLives(mine.database, mine.settings.link_look_seconds)
        return lives.expect(mine.owner, generation.videos, generation.base_url)
