"""When held generations are due, counted on a clock that never jumps.

The wall clock is asked at the first look only, about what an earlier life left held.
"""

from __future__ import annotations

import datetime as dt
import time

from db.records import Held
from services.clock import utc_now

OVERDUE = dt.timedelta(seconds=30)


class HeldTimes:
    """Remembers when each held generation may go. One thread's."""

    def __init__(self) -> None:
        """Begin; what is long overdue at the first look was held when Dailies stopped, and waits for a click."""
        self._due_at: dict[str, float | None] = {}
        self._looked = False

    def due(self, held: list[Held]) -> list[str]:
        """Return those whose time to undo is over, of all that are held now."""
        now = time.monotonic()
        self._due_at = {one.id: self._due_at[one.id] if one.id in self._due_at else self._when(one) for one in held}
        self._looked = True
        return [id for id, at in self._due_at.items() if at is not None and at <= now]

    def until_next(self) -> float | None:
        """Return in how many seconds the next one is due; None if none will be."""
        times = [at for at in self._due_at.values() if at is not None]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _when(self, one: Held) -> float | None:
        undo = one.release_at - one.created_at
        if self._looked:
            return time.monotonic() + undo.total_seconds()  # it is new; what the wall clock says now is nothing to us
        left = one.release_at - utc_now()
        if left < -OVERDUE:
            return None
        return time.monotonic() + min(max(left, dt.timedelta()), undo).total_seconds()
