"""Takes and near-identical runs of one page put on stacks, so that a page shows different things. Pure.

Only what is on the same page is stacked: pages keep their places and their size whatever is on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from db.library_records import Card
from db.states import UNFINISHED
from services.library.already_made import FEWEST_PIECES
from services.prompts.likeness import NEAR, Signature, likeness, normalised, signature

CHARS: Final = 400  # of a prompt: what differs later is not seen on a card either
_MAYBE: Final = 0.5  # of a sample of the pieces shared, before all of them are counted
_SAMPLE: Final = 8  # one piece in so many, where there are many
_MANY: Final = 160


@dataclass(frozen=True, slots=True)
class _Words:
    """A prompt, ready to be compared."""

    text: str
    pieces: Signature
    sample: frozenset[str]
    sampled: bool
    many: bool


def stacked(cards: Sequence[Card]) -> list[tuple[Card, ...]]:
    """Return the cards as stacks, in the order of their first cards; the best of a stack lies on top.

    Together are those of one model with the same or nearly the same words; what has not ended lies by itself.
    """
    stacks: list[tuple[_Words, str, list[Card]]] = []
    for card in cards:
        words = _words(card.prompt[:CHARS])
        home = None
        if card.state not in UNFINISHED:
            home = next((held for other, model, held in stacks if model == card.model and _alike(words, other)), None)
        if home is not None:
            home.append(card)
        else:
            stacks.append((words, card.model if card.state not in UNFINISHED else "", [card]))
    return [tuple(sorted(held, key=_merit)) for _words_, _model, held in stacks]


def _merit(card: Card) -> tuple[bool, int, bool]:
    """Return what sorts a stack; equals stay in the page's order."""
    return not card.favourite, -(card.rating or 0), not any(video.poster for video in card.videos)


def _alike(one: _Words, other: _Words) -> bool:
    if one.text == other.text:
        return bool(one.text)
    if not (one.many and other.many):  # two short prompts are alike by chance
        return False
    if one.sampled == other.sampled and 2 * len(one.sample & other.sample) < _MAYBE * (
        len(one.sample) + len(other.sample)
    ):
        return False
    return likeness(one.pieces, other.pieces) >= NEAR


@lru_cache(maxsize=1_024)  # a page is drawn many times
def _words(prompt: str) -> _Words:
    pieces = signature(prompt)
    sampled = len(pieces) > _MANY
    sample = frozenset(piece for piece in pieces if not (sampled and hash(piece) % _SAMPLE))
    return _Words(normalised(prompt), pieces, sample, sampled, sum(pieces.values()) >= FEWEST_PIECES)
