""" "You already made this": the same or nearly the same prompt, sent before to the same model."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from db import generations as rows
from db import similar
from db.database import Database
from db.prompt_keys import Said
from db.records import Generation
from services.endpoint.text import clean
from services.prompts.likeness import NEAR, likeness, normalised, signature

FEWEST_PIECES: Final = 24
"""Of a prompt before "nearly the same" means anything: two short prompts are alike by chance."""
_ROOM: Final = 0.7
"""A text that much shorter or longer cannot be near-same (2·min / (min + max) of the pieces, with some slack)."""

CHARS: Final = 30_000
"""Of prompts that are compared letter by letter for one look; the last of them is read to its end."""


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
        words = normalised(text)
        if not words:
            return ()
        said = Said(self.owner, model, text)
        with self.database.reading() as session:
            scored = {
                one.seq: 2.0 if (one.picture or "") == picture else 1.0
                for one in similar.same(session, said)
                if normalised(one.prompt) == words
            }
            if sum(score > 1 for score in scored.values()) < limit:
                scored |= _near(text, similar.candidates(session, said), but=scored)
            best = sorted(scored.items(), key=lambda one: (-one[1], -one[0]))[:limit]
            made = {one.seq: one for one in rows.of_seqs(session, self.owner, [seq for seq, _ in best])}
        return tuple(Made(made[seq], score > 1, min(score, 1.0)) for seq, score in best if seq in made)


def _near(text: str, found: Sequence[similar.Similar], *, but: Container[int]) -> dict[int, float]:
    """Return (seq, likeness) of what is near enough; what promises most is read first, as far as there is time."""
    mine = signature(text)
    if sum(mine.values()) < FEWEST_PIECES:
        return {}
    room, near = CHARS, {}
    for one in found:
        if one.seq in but or not _ROOM <= len(one.prompt) / len(text) <= 1 / _ROOM:
            continue
        room -= len(one.prompt)
        score = likeness(mine, signature(one.prompt))
        if score >= NEAR:
            near[one.seq] = score
        if room < 0:
            break
    return near
