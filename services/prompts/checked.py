"""What came of reading something from outside: the thing, or every problem with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where. `sentence` is a key of the catalogue with `{names}` for `params`.

    `row` counts as a spreadsheet does: the heading is row 1. `column` is a heading, a path in a JSON file, or a field.
    """

    code: str
    sentence: str
    params: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        """Return it in English, for logs and tests."""
        place = "".join((f"row {self.row}: " if self.row else "", f"{self.column}: " if self.column else ""))
        return place + self.sentence.format(**self.params)


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """A value, or None and the problems that stand in its way. Nothing is ever half read."""

    value: T | None
    problems: tuple[Problem, ...] = ()


def checked(value: T, problems: tuple[Problem, ...] | list[Problem]) -> Checked[T]:
    """Return the value if there is no problem, else the problems alone."""
    return Checked(None, tuple(problems)) if problems else Checked(value)
