"""What a process counts while it works: streams, first words, downloads. No text, no id, no person."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

from db.tally import Tally

FIRST_TEXT_SECONDS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
STREAM_SECONDS: Final = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0)


class Figures:
    """The sums of one executing process since it began."""

    def __init__(self) -> None:
        self.first_text = Tally(FIRST_TEXT_SECONDS)
        self.streams = Tally(STREAM_SECONDS)
        self._ended: Counter[str] = Counter()
        self._fetches: Counter[str] = Counter()
        self._lock = threading.Lock()

    def ended(self, state: str, seconds: float | None) -> None:
        """Count an ending; `seconds` on the wire, None or 0 when nothing was sent."""
        with self._lock:
            self._ended[state] += 1
        if seconds:
            self.streams.note(seconds)

    def fetched(self, result: str) -> None:
        """Count a download: "kept", or the code of what went wrong."""
        with self._lock:
            self._fetches[result] += 1

    @property
    def endings(self) -> dict[str, int]:
        """How many ended, by state."""
        with self._lock:
            return dict(self._ended)

    @property
    def fetches(self) -> dict[str, int]:
        """How many downloads ended, by result."""
        with self._lock:
            return dict(self._fetches)
