"""What changed between two texts, word by word, and character by character in Chinese, for before and after. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]
_TOKENS = re.compile(r"\s+|[^\W\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+|.", re.DOTALL)
MAX_TOKENS = 6_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text: in both, only before, or only after."""

    kind: Kind
    text: str


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """Return both texts as one row of segments.

    The kept and removed ones together are the text before, the kept and added ones the text after. Beyond
    `MAX_TOKENS` words the whole is told as replaced: finding the differences would take too long.

    >>> [(each.kind, each.text) for each in segments("a red boat", "a blue boat")]
    [('same', 'a '), ('removed', 'red'), ('added', 'blue'), ('same', ' boat')]
    """
    return tuple(_merged(_raw(before, after)))


def _raw(before: str, after: str) -> Iterator[Segment]:
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(old) + len(new) > MAX_TOKENS and before != after:
        yield Segment("removed", before)
        yield Segment("added", after)
        return
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old[a:b] == new[c:d]:
            yield Segment("same", "".join(old[a:b]))
        else:
            yield Segment("removed", "".join(old[a:b]))
            yield Segment("added", "".join(new[c:d]))


def _merged(raw: Iterator[Segment]) -> Iterator[Segment]:
    """Return the segments that hold text; a lone blank between two changes belongs to them: fewer, calmer marks."""
    found = [each for each in raw if each.text]
    held: dict[Kind, str] = {"removed": "", "added": ""}
    for index, each in enumerate(found):
        between = each.kind == "same" and not each.text.strip() and all(held.values()) and index < len(found) - 1
        if each.kind == "same" and not between:
            yield from _flushed(held)
            yield each
        elif each.kind == "same":
            held["removed"] += each.text
            held["added"] += each.text
        else:
            held[each.kind] += each.text
    yield from _flushed(held)


def _flushed(held: dict[Kind, str]) -> Iterator[Segment]:
    for kind in list(held):
        if held[kind]:
            yield Segment(kind, held[kind])
        held[kind] = ""
