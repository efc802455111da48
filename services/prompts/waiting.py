"""Prompts of a table, put where prompts wait: into the lines of "Several at once", which are kept as they are typed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from services.errors import ImportRefusedError
from services.people.preferences import Preferences
from services.prompts.csv_reading import read_table
from services.prompts.many import MAX_SENDS

FORM: Final = "batch_form"
LINES: Final = "batch-lines"
_HEADINGS: Final = ("prompt", "prompts", "提示词")
_SIGNS: Final = re.compile(r"([\\{}|])")


@dataclass(frozen=True, slots=True)
class Laid:
    """How many prompts of a table are new among those that wait, how many waited already, how many found no room."""

    new: int
    here: int
    no_room: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person's prompts that wait to be sent."""

    preferences: Preferences

    def lay(self, table: bytes) -> Laid:
        """Add the prompts of a CSV file, each once: the same table again changes nothing.

        Raises:
            ImportRefusedError: it is no table with a column of prompts (import_table).
        """
        lines = [line for prompt in _prompts(table) if (line := _line(prompt))]
        kept = self._kept()
        before = [line for line in str(kept.get(LINES) or "").splitlines() if line.strip()]
        fresh = [line for line in dict.fromkeys(lines) if line not in set(before)]
        taken = fresh[: max(0, MAX_SENDS - len(before))]
        if taken:
            told = {**kept, "batch-way": "lines", LINES: "\n".join([*before, *taken])}
            self.preferences.set(FORM, json.dumps(told, ensure_ascii=False))
        return Laid(len(taken), len(set(lines)) - len(fresh), len(fresh) - len(taken))

    def _kept(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.preferences.get(FORM) or "{}")
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}


def _prompts(data: bytes) -> list[str]:
    table = read_table(data, max_rows=20_000).value
    names = [] if table is None else [name for name in table.headings if name.strip().casefold() in _HEADINGS]
    if table is None or not names:
        raise ImportRefusedError("no table with a column of prompts", code="import_table")
    return [cells[names[0]] for _, cells in table.rows]


def _line(prompt: str) -> str:
    r"""Return a prompt as a line that stands for itself: braces and bars mean nothing there.

    >>> print(_line("A {red} boat,\n at  dusk"))
    A \{red\} boat, at dusk
    """
    return _SIGNS.sub(r"\\\1", " ".join(prompt.split()))
