"""Takes and near-identical runs of one page put on stacks, so that a page shows different things. Pure.

Only what is on the same page is stacked; a page ends where a stack ends, within reason (`going_on`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

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


_Pile: TypeAlias = "tuple[_Words, str, list[Card]]"
"""The words of its first card, its model ("" for what has not ended), and the cards."""


def stacked(cards: Sequence[Card]) -> list[tuple[Card, ...]]:
    """Return the cards as stacks, in the order of their first cards; the best of a stack lies on top.

    Together are those of one model with the same or nearly the same words; what has not ended lies by itself.
    """
    return [tuple(sorted(held, key=_merit)) for _words_, _model, held in _piled(cards)]


def going_on(cards: Sequence[Card], behind: Sequence[Card]) -> int:
    """Return how many of the cards right behind a page belong on stacks of it."""
    piles = _piled(cards)
    return next((place for place, card in enumerate(behind) if _home(card, piles) is None), len(behind))


def _piled(cards: Sequence[Card]) -> list[_Pile]:
    piles: list[_Pile] = []
    for card in cards:
        home = _home(card, piles)
        if home is not None:
            home.append(card)
        else:
            piles.append((_words(card.prompt[:CHARS]), card.model if card.state not in UNFINISHED else "", [card]))
    return piles


def _home(card: Card, piles: Sequence[_Pile]) -> list[Card] | None:
    if card.state in UNFINISHED:
        return None
    words = _words(card.prompt[:CHARS])
    return next((held for other, model, held in piles if model == card.model and _alike(words, other)), None)


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
