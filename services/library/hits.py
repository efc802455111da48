"""Where the words of a search stand in a text, for marking. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from db.search_text import fold, runs

AROUND = 60


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, in order; True are those that a search for `words` found.

    >>> marked("Two Boats, 夜景", ["boat", "夜"])
    [('Two ', False), ('Boat', True), ('s, ', False), ('夜', True), ('景', False)]
    """
    pieces: list[tuple[str, bool]] = []
    end = 0
    for start, stop in _spans(text, words):
        if start > end:
            pieces.append((text[end:start], False))
        pieces.append((text[start:stop], True))
        end = stop
    if end < len(text):
        pieces.append((text[end:], False))
    return pieces


def excerpt(text: str, words: Sequence[str], length: int) -> str:
    """Return the part of a text, in one line, where a search first hit it; "" where it did not."""
    line = " ".join(text.split())
    folded = fold(line)  # in one go: a whole answer sign by sign would cost a page its time
    needles = {run for word in words for run in runs(word)}
    hits = [at for needle, cjk in needles for at, _ in _of_needle(folded, needle, inside=cjk)[:1]]
    if not hits:
        return ""
    start = max(0, min(hits) * len(line) // len(folded) - AROUND)
    part = line[start : start + length]
    return ("…" if start else "") + part.strip() + ("…" if start + length < len(line) else "")


def _spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return the places of all hits, apart from each other and in order.

    The text is folded sign by sign, so that each place in the folded text has its place in the text.
    """
    needles = {run for word in words for run in runs(word)}
    if not needles:
        return []
    folded, places = _folded(text)
    found = [span for needle, cjk in needles for span in _of_needle(folded, needle, inside=cjk)]
    spans: list[tuple[int, int]] = []
    for start, stop in sorted((places[start], places[stop]) for start, stop in found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        elif stop > start:
            spans.append((start, stop))
    return spans


def _folded(text: str) -> tuple[str, list[int]]:
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        one = _fold_sign(sign)
        signs.append(one)
        places += [place] * len(one)
    return "".join(signs), [*places, len(text)]


@lru_cache(maxsize=8_192)
def _fold_sign(sign: str) -> str:
    return fold(sign)


def _of_needle(folded: str, needle: str, *, inside: bool) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = folded.find(needle)
    while at >= 0:
        if inside or at == 0 or not folded[at - 1].isalnum():
            found.append((at, at + len(needle)))
        at = folded.find(needle, at + len(needle))
    return found
