r"""`{a|b}` in a prompt: every prompt that it stands for. Pure.

Groups may be nested: `a {red|{dark|light} blue} boat`. An empty side is allowed: `a {very |}small boat`. Braces without
a bar are plain text, and `\{`, `\}`, `\|` are the signs themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from services.prompts.checked import Checked, Problem
from services.prompts.marks import N_

MAX_DEPTH: Final = 8
LIMIT: Final = 1_000

NOT_CLOSED: Final = N_("A brace is opened and not closed: {words}")
TOO_DEEP: Final = N_("Alternatives are nested too deeply: at most {limit}.")
TOO_MANY: Final = N_("That would be {count} prompts; at most {limit} at once.")

_Part = str | list[list["_Part"]]


class _NotClosedError(Exception):
    """A group that never ends; its place in the text."""


class _TooDeepError(Exception):
    """Groups in groups in groups."""


def alternatives(text: str, limit: int = LIMIT) -> Checked[tuple[str, ...]]:
    """Return every prompt a text stands for, each once, the first group changing slowest.

    >>> alternatives("a {red|blue} {boat|car}").value
    ('a red boat', 'a red car', 'a blue boat', 'a blue car')
    >>> str(alternatives("{a|b}{c|d}", limit=3).problems[0])
    'That would be 4 prompts; at most 3 at once.'
    """
    try:
        parts, _ = _sequence(text, 0, 0)
    except _NotClosedError as error:
        place = int(str(error))
        return _refused("alternatives_open", NOT_CLOSED, words=text[place : place + 40])
    except _TooDeepError:
        return _refused("alternatives_deep", TOO_DEEP, limit=str(MAX_DEPTH))
    count = _count(parts)
    if count > limit:
        return _refused("alternatives_many", TOO_MANY, count=str(count), limit=str(limit))
    return Checked(tuple(dict.fromkeys(islice(_said(parts), limit))))


def count(text: str) -> int | None:
    """Return how many prompts a text stands for, without making them; None if its braces do not match."""
    try:
        return _count(_sequence(text, 0, 0)[0])
    except (_NotClosedError, _TooDeepError):
        return None


def _refused(code: str, sentence: str, **params: str) -> Checked[tuple[str, ...]]:
    return Checked(None, (Problem(code, sentence, params),))


def _sequence(text: str, at: int, depth: int) -> tuple[list[_Part], int]:
    """Return the parts from a place to the end of this side: a bar, a closing brace, or the text's end."""
    parts: list[_Part] = []
    plain: list[str] = []
    while at < len(text):
        sign = text[at]
        if sign == "\\" and text[at + 1 : at + 2] in ("{", "}", "|", "\\"):
            plain.append(text[at + 1])
            at += 2
        elif sign == "{":
            sides, after = _group(text, at, depth)
            parts.extend(["".join(plain), *_grouped(sides)])
            plain, at = [], after
        elif depth and sign in "|}":
            break
        else:
            plain.append(sign)
            at += 1
    parts.append("".join(plain))
    return parts, at


def _group(text: str, at: int, depth: int) -> tuple[list[list[_Part]], int]:
    if depth >= MAX_DEPTH:
        raise _TooDeepError
    sides: list[list[_Part]] = []
    place = at + 1
    while True:
        side, place = _sequence(text, place, depth + 1)
        sides.append(side)
        if place >= len(text):
            raise _NotClosedError(str(at))
        if text[place] == "}":
            return sides, place + 1
        place += 1


def _grouped(sides: list[list[_Part]]) -> list[_Part]:
    """Return a group as one part; braces without a bar stay what they are: text in braces."""
    return [sides] if len(sides) > 1 else ["{", *sides[0], "}"]


def _count(parts: list[_Part]) -> int:
    total = 1
    for part in parts:
        if not isinstance(part, str):
            total *= sum(_count(side) for side in part)
    return total


def _said(parts: list[_Part]) -> Iterator[str]:
    choices = [[part] if isinstance(part, str) else [said for side in part for said in _said(side)] for part in parts]
    return ("".join(chosen) for chosen in product(*choices))
