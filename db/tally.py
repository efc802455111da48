"""How often, how long: sums a process keeps in memory, read from outside. Cheap enough for every transaction."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import NamedTuple


class Told(NamedTuple):
    """What a tally holds: how many in each bucket (the last one is beyond every bound), and the sum of all."""

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total: float


class Tally:
    """Times in buckets: how many took up to each of `bounds` seconds. Safe to share between threads."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._total = 0.0
        self._lock = threading.Lock()

    def note(self, seconds: float) -> None:
        """Count one."""
        bucket = bisect_left(self._bounds, seconds)
        with self._lock:
            self._counts[bucket] += 1
            self._total += seconds

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Count what the block takes, however it ends."""
        began = perf_counter()
        try:
            yield
        finally:
            self.note(perf_counter() - began)

    def told(self) -> Told:
        """Return what was counted so far, from one moment."""
        with self._lock:
            return Told(self._bounds, tuple(self._counts), self._total)
