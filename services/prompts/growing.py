"""Lists that grow while they are filled in: cast, beats, lines, words on screen. Pure.

A page shows one empty row below those that say something. A row emptied in the middle stays where it is, so that
nothing moves below the hand that types; empty rows at the end go.
"""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from typing import Any, Final

from services.prompts.fields import Beat, Fields, Line, Person, is_empty

EMPTY_ROWS: Final[dict[str, Any]] = {"cast": Person(), "beats": Beat(), "dialogue": Line(), "on_screen": ""}
MOST: Final = {"cast": 6, "beats": 12, "dialogue": 8, "on_screen": 4}


def rows(fields: Fields, name: str) -> tuple[Any, ...]:
    """Return the rows to show: those there are, and an empty one while there is room.

    >>> rows(Fields(beats=(Beat("She turns"),)), "beats")
    (Beat(text='She turns', seconds=None), Beat(text='', seconds=None))
    """
    known = tuple(getattr(fields, name))
    return known if len(known) >= MOST[name] else (*known, EMPTY_ROWS[name])


def with_row(fields: Fields, name: str, index: int, part: str, value: Any) -> Fields:
    """Return the fields with one part of one row changed (`part` is empty where a row is a text)."""
    changed = list(getattr(fields, name))
    changed += [EMPTY_ROWS[name]] * (index + 1 - len(changed))
    row = changed[index]
    changed[index] = replace(row, **{part: value}) if is_dataclass(row) and not isinstance(row, type) else value
    while changed and is_empty(changed[-1]):
        changed.pop()
    new: dict[str, Any] = {name: tuple(changed)}
    return replace(fields, **new)
