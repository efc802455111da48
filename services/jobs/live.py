"""The text of running generations, in memory, and whoever waits for more of it.

A viewer in this process is woken by the job's thread. What runs in another process is tailed from the database by one
poller for all viewers. Text may be here up to 0.2 s before it is durable, never instead of it.
"""

from __future__ import annotations

import bisect
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from db import deltas
from db import generations as rows
from db.database import Database
from db.states import ENDED, State
from db.trouble import StoreTrouble
from services.errors import NotFoundError

POLL_SECONDS = 0.25


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

    def length_of(self, kind: str) -> int:
        """How many characters of one kind have arrived."""
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


class Live:
    """Finds the live text of a generation, wherever it runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._here: dict[str, LiveText] = {}
        self._followed: dict[str, tuple[LiveText, int, int]] = {}  # text, generation seq, last delta seq
        self._stop = threading.Event()
        self._busy = threading.Event()
        self._poller: threading.Thread | None = None

    def open(self, generation_id: str) -> LiveText:
        """Return the text a stream of this process writes to; viewers that already wait keep their object."""
        with self._lock:
            followed = self._followed.pop(generation_id, None)
            text = followed[0] if followed else LiveText(State.SENDING)
            self._here[generation_id] = text
            return text

    def close(self, generation_id: str, state: State) -> None:
        """Say how it ended. The viewers get the rest; later ones read the database."""
        with self._lock:
            text = self._here.pop(generation_id, None)
        if text is not None:
            text.tell(state=state)

    def moved(self, generation_id: str, state: State) -> None:
        """Tell viewers at once what this process did to a waiting generation."""
        with self._lock:
            found = self._followed.get(generation_id)
        if found is not None:
            found[0].tell(state=state)

    def watch(self, generation_id: str) -> LiveText:
        """Return the live text of a generation.

        Raises:
            NotFoundError: there is no such generation.
        """
        with self._lock:
            if generation_id in self._here:
                return self._here[generation_id]
            if generation_id in self._followed:
                return self._followed[generation_id][0]
        text, seq, last = self._load(generation_id)
        with self._lock:
            if generation_id in self._here:  # it began while we read
                return self._here[generation_id]
            if not text.read(0).ended:
                text = self._followed.setdefault(generation_id, (text, seq, last))[0]
                self._follow()
        return text

    def stop(self) -> None:
        """Stop tailing."""
        self._stop.set()
        self._busy.set()
        if self._poller is not None:
            self._poller.join(2.0)

    def _load(self, generation_id: str) -> tuple[LiveText, int, int]:
        with self._database.reading() as session:
            row = rows.get(session, None, generation_id)
            if row is None:
                raise NotFoundError("no such generation")
            pieces = deltas.load(session, row.seq)
        text = LiveText(row.state)
        kept = [("r", row.reasoning), ("c", row.content)] if row.state in ENDED else []
        text.append([(kind, piece) for _, kind, piece in pieces] or kept)
        text.tell(progress=row.progress[-1] if row.progress else None, stage=row.stage)
        return text, row.seq, pieces[-1][0] if pieces else 0

    def _follow(self) -> None:
        self._busy.set()
        if self._poller is None:
            poller = threading.Thread(target=self._tail, name="live-tail", daemon=True)
            poller.start()
            self._poller = poller  # not before it runs: a stop meanwhile would join it

    def _tail(self) -> None:
        while not self._stop.is_set():
            self._busy.wait()
            if self._stop.wait(POLL_SECONDS):
                return
            with self._lock:
                for id, (text, _, _) in list(self._followed.items()):
                    if not text.watched or text.read(0).ended:
                        del self._followed[id]
                followed = dict(self._followed)
                if not followed:
                    self._busy.clear()
            for id, (text, seq, last) in followed.items():
                with contextlib.suppress(StoreTrouble):
                    self._advance(id, text, seq, last)

    def _advance(self, id: str, text: LiveText, seq: int, last: int) -> None:
        with self._database.reading() as session:
            row = rows.get(session, None, id)
            pieces = deltas.load(session, seq, last)
        if pieces:
            with self._lock:
                if id not in self._followed:
                    return  # a stream of this process has taken it over, and starts from nothing
                self._followed[id] = (text, seq, pieces[-1][0])
            text.append([(kind, piece) for _, kind, piece in pieces])
        if row is not None:
            if row.state in ENDED:  # the pieces are gone, joined into the row
                text.append(
                    [
                        ("r", row.reasoning[text.length_of("r") :]),
                        ("c", row.content[text.length_of("c") :]),
                    ]
                )
            text.tell(state=row.state, progress=row.progress[-1] if row.progress else None, stage=row.stage)
