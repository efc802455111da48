"""All that has arrived of one running answer, in memory, and whoever waits for more of it."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Callable
from dataclasses import dataclass

from db.states import ENDED, State


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveChunk:
    """What a viewer has not seen: `(kind "c" or "r", text)` parts, the position after them, and how things stand."""

    parts: tuple[tuple[str, str], ...]
    pos: int
    progress: int | None
    stage: str | None
    state: State
    ended: bool


class LiveText:
    """All that has arrived of one answer, in order of arrival. Positions count characters."""

    def __init__(self, state: State) -> None:
        self._lock = threading.Lock()
        self._parts: list[tuple[str, str]] = []
        self._starts: list[int] = []
        self._length = 0
        self._progress: int | None = None
        self._stage: str | None = None
        self._state = state
        self._ended = state in ENDED
        self._wake: set[Callable[[], None]] = set()

    def append(self, pieces: list[tuple[str, str]]) -> None:
        """Add what arrived and wake the viewers."""
        with self._lock:
            for kind, text in pieces:
                if text:
                    self._parts.append((kind, text))
                    self._starts.append(self._length)
                    self._length += len(text)
        self._ring()

    def tell(self, *, state: State | None = None, progress: int | None = None, stage: str | None = None) -> None:
        """Change how things stand; wake the viewers only if something did change."""
        with self._lock:
            before = (self._state, self._progress, self._stage, self._ended)
            self._state = state or self._state
            self._progress = self._progress if progress is None else progress
            self._stage = stage or self._stage
            self._ended = self._ended or self._state in ENDED
            changed = before != (self._state, self._progress, self._stage, self._ended)
        if changed:
            self._ring()

    def read(self, pos: int) -> LiveChunk:
        """Return everything since `pos`."""
        with self._lock:
            pos = min(max(pos, 0), self._length)
            first = bisect.bisect_right(self._starts, pos) - 1
            parts = self._parts[max(first, 0) :] if pos < self._length else []
            if parts and first >= 0 and self._starts[first] < pos:
                kind, text = parts[0]
                parts = [(kind, text[pos - self._starts[first] :]), *parts[1:]]
            return LiveChunk(
                parts=tuple(_joined(parts)),
                pos=self._length,
                progress=self._progress,
                stage=self._stage,
                state=self._state,
                ended=self._ended,
            )

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called, from any thread, whenever there is more; returns how to stop that."""
        with self._lock:
            self._wake.add(wake)

        def unsubscribe() -> None:
            with self._lock:
                self._wake.discard(wake)

        return unsubscribe

    @property
    def watched(self) -> bool:
        """Whether anyone is waiting."""
        return bool(self._wake)

    @property
    def ended(self) -> bool:
        """Whether there is nothing to wait for any more."""
        return self._ended

    def append_rest(self, *, reasoning: str, content: str) -> None:
        """Add what is missing of the whole texts."""
        self.append([("r", reasoning[self._length_of("r") :]), ("c", content[self._length_of("c") :])])

    def _length_of(self, kind: str) -> int:
        with self._lock:
            return sum(len(text) for of, text in self._parts if of == kind)

    def _ring(self) -> None:
        with self._lock:
            wakers = list(self._wake)
        for wake in wakers:
            wake()


def _joined(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    joined: list[tuple[str, list[str]]] = []
    for kind, text in parts:
        if joined and joined[-1][0] == kind:
            joined[-1][1].append(text)
        else:
            joined.append((kind, [text]))
    return [(kind, "".join(texts)) for kind, texts in joined]
