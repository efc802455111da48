"""What the writer does when a stream has ended: its cost reckoned, its ending kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db import generations as rows
from db.generations import End
from db.records import Ending, Generation
from services.usage.freezing import at_end


@dataclass(frozen=True, slots=True)
class Finish:
    """That a generation of this worker ends. Many end at once, so the writer does several in one go."""

    generation: Generation
    worker: str
    ending: Ending
    at: dt.datetime

    def __call__(self, session: Any) -> bool:
        """Keep it; False if it has ended before."""
        return self.together(session, [self])[0]

    @staticmethod
    def together(session: Any, all_of_them: Sequence[Finish]) -> list[bool]:
        """Keep all of them; tell of each whether it ended here."""
        ends = [
            End(one.generation.id, one.worker, one.ending, one.at, at_end(session, one.generation, one.ending))
            for one in all_of_them
        ]
        return rows.end_all(session, ends)
