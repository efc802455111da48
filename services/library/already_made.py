""" "You already made this": the same or nearly the same prompt, sent before to the same model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from db import generations as rows
from db import similar
from db.database import Database
from db.records import Generation
from services.endpoint.text import clean
from services.prompts.likeness import NEAR, likeness, normalised, signature

FEWEST_PIECES: Final = 24
"""Of a prompt before "nearly the same" means anything: two short prompts are alike by chance."""
_ROOM: Final = 0.7
"""A text that much shorter or longer cannot be near-same (2·min / (min + max) of the pieces, with some slack)."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made before. `same`: word for word, after folding, with the same picture; else `likeness` is near 1."""

    generation: Generation
    same: bool
    likeness: float


@dataclass(frozen=True, slots=True)
class AlreadyMade:
    """One person's memory of what they asked for."""

    owner: str
    database: Database

    def look(self, prompt: str, model: str, *, picture: str = "", limit: int = 3) -> tuple[Made, ...]:
        """Return what was made of this prompt, the same first, then the nearest; newest first among equals.

        `picture` is the sha256 of the one that goes with the words: another one makes another film, which is near at
        most. Only what is done or on its way counts: what failed made nothing.
        """
        text = clean(prompt).strip()
        wanted = (normalised(text), picture)
        if not wanted[0]:
            return ()
        with self.database.reading() as session:
            found = similar.candidates(session, self.owner, text, model)
            scored = sorted(_scored(text, wanted, found), key=lambda one: (-one[1], -one[0]))[:limit]
            made = {one.seq: one for one in rows.of_seqs(session, self.owner, [seq for seq, _ in scored])}
        return tuple(Made(made[seq], score > 1, min(score, 1.0)) for seq, score in scored if seq in made)


def _scored(text: str, wanted: tuple[str, str], found: list[similar.Similar]) -> list[tuple[int, float]]:
    """Return (seq, likeness) of what is near enough; 2 for the very same."""
    mine = signature(text)
    near_counts = sum(mine.values()) >= FEWEST_PIECES
    scored = []
    for one in found:
        if normalised(one.prompt) == wanted[0]:
            scored.append((one.seq, 2.0 if (one.picture or "") == wanted[1] else 1.0))
        elif near_counts and _ROOM <= len(one.prompt) / len(text) <= 1 / _ROOM:
            score = likeness(mine, signature(one.prompt))
            if score >= NEAR:
                scored.append((one.seq, score))
    return scored
