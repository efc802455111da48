"""A shot list as it is typed, a shot a line: read whole, and sent as one prompt or as one prompt a shot. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from services.prompts.checked import Checked, Problem, checked
from services.prompts.fields import Beat, Fields
from services.prompts.many import USUAL, Item, Limits, check_items
from services.prompts.marks import N_
from services.prompts.shots import as_one, one_each, seconds_of
from services.prompts.vocabulary import Language

MAX_SECONDS: Final = 600.0
SHOT_EMPTY: Final = N_("This shot says nothing after its seconds.")
SHOT_SECONDS: Final = N_("{value} is no length for a shot: more than 0 and at most {limit} seconds.")
_TIMED: Final = re.compile(
    r"^[\[(（【]?\s*(\d{1,6}(?:\.\d{1,3})?)\s*(?:s\b|secs?\b|seconds?\b|秒)\s*[\])）】]?\s*[:：,，.\-–—]?\s*(.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ShotList:
    """Shots that share a base; `rows` are the lines they stand in."""

    shots: tuple[Fields, ...]
    rows: tuple[int, ...]


def read_shots(text: str, base: Fields) -> Checked[ShotList]:
    """Return a shot for each line that says something, or every problem with its line.

    A line may begin with its seconds: "4 s", "[4s]", "4秒". All else is the base's own, in the very same words: cast,
    look, continuity; its beats and lines are not, for they belong to no one shot.

    >>> read = read_shots("[4s] A door opens\\n\\nShe steps out", Fields(continuity="Rain.")).value
    >>> [(shot.beats[0].text, shot.controls.seconds, shot.continuity) for shot in read.shots], read.rows
    ([('A door opens', 4.0, 'Rain.'), ('She steps out', None, 'Rain.')], (1, 3))
    """
    shots: list[Fields] = []
    rows: list[int] = []
    problems: list[Problem] = []
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        words, seconds = _said(line)
        if not words:
            problems.append(Problem("shot_empty", SHOT_EMPTY, row=row, column="shots"))
        if seconds is not None and not 0 < seconds <= MAX_SECONDS:
            limits = {"value": f"{seconds:g}", "limit": f"{MAX_SECONDS:g}"}
            problems.append(Problem("shot_seconds", SHOT_SECONDS, limits, row=row, column="shots"))
        shots.append(_shot(base, words, seconds))
        rows.append(row)
    return checked(ShotList(tuple(shots), tuple(rows)), problems)


def items_of(
    listed: ShotList, takes: int, language: Language, *, together: bool, limits: Limits = USUAL
) -> Checked[tuple[Item, ...]]:
    """Return what is sent: one prompt for all shots, or one for each with all that it shares.

    One for all asks for the sum of the seconds, where every shot names its own.
    """
    if together and listed.shots:
        lengths = [seconds_of(shot) for shot in listed.shots]
        total = sum(each for each in lengths if each) if all(lengths) else None
        controls = replace(listed.shots[0].controls, seconds=total, takes=takes)
        items: tuple[Item, ...] = (Item(as_one(listed.shots, language), controls),)
    else:
        items = tuple(
            Item(text, replace(shot.controls, takes=takes), row, fields=shot)
            for text, shot, row in zip(one_each(listed.shots, language), listed.shots, listed.rows, strict=True)
        )
    return checked(items, check_items(items, limits))


def _said(line: str) -> tuple[str, float | None]:
    found = _TIMED.match(line.strip())
    return (found[2].strip(), float(found[1])) if found else (line.strip(), None)


def _shot(base: Fields, words: str, seconds: float | None) -> Fields:
    controls = replace(base.controls, seconds=seconds)
    return replace(base, beats=(Beat(words),), controls=controls, dialogue=(), on_screen=(), remix="")
