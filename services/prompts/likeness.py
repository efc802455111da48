"""How alike two prompts are: the same after folding, or nearly the same by the pieces they share. Pure.

Chinese is cut into pairs of characters, words into triples of letters, so a changed ending costs little and a changed
word costs its own length. Counted, so a word said twice counts twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from db.search_text import runs

NEAR: Final = 0.85
"""From here on two prompts are near-same. Source: PRODUCT.md, delight 2; tuned by tests/prompts/test_likeness.py."""
MAX_CHARS: Final = 20_000

T = TypeVar("T")
Signature = Mapping[str, int]


def normalised(text: str) -> str:
    """Return a text as it is compared: folded words and runs, single spaces, no punctuation.

    >>> normalised("A  Lighthouse, at DUSK!"), normalised("灯塔，黄昏。")
    ('a lighthouse at dusk', '灯塔 黄昏')
    """
    return " ".join(run for run, _ in runs(text[:MAX_CHARS]))


def fingerprint(text: str) -> str:
    """Return 64 hex characters that are equal when two texts are the same after folding.

    >>> fingerprint("A boat!") == fingerprint(" a BOAT ")
    True
    """
    return hashlib.sha256(normalised(text).encode()).hexdigest()


def signature(text: str) -> Signature:
    """Return the pieces of a text and how often each is there; keep it to compare one text with many."""
    pieces: Counter[str] = Counter()
    for run, cjk in runs(text[:MAX_CHARS]):
        padded, width = (run, 2) if cjk else (f" {run} ", 3)
        pieces.update(padded[start : start + width] for start in range(max(1, len(padded) - width + 1)))
    return pieces


def likeness(one: Signature, other: Signature) -> float:
    """Return how much of both is shared, 0 to 1 (Dice's coefficient of the counted pieces)."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    total = sum(one.values()) + sum(other.values())
    if not total:
        return 0.0
    return 2 * sum(min(count, large.get(piece, 0)) for piece, count in small.items()) / total


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1.

    >>> similarity("A red boat crosses the lake", "a red boat crosses the lake!")
    1.0
    >>> similarity("A red boat crosses the lake", "Two dancers on a roof at night") < 0.3
    True
    """
    return likeness(signature(one), signature(other))


def near(text: str, candidates: Iterable[tuple[T, str]], at_least: float = NEAR) -> list[tuple[T, float]]:
    """Return which of (thing, text) are near-same, the nearest first."""
    wanted = signature(text)
    scored = ((thing, likeness(wanted, signature(other))) for thing, other in candidates)
    return sorted((each for each in scored if each[1] >= at_least), key=lambda each: -each[1])
