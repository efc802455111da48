"""Finds the live text of a generation, wherever it runs.

A viewer in this process is woken by the job's thread. What runs in another process is followed in the database
(tail.py). Text may be here up to 0.2 s before it is durable, never instead of it.
"""

from __future__ import annotations

import threading

from db import deltas
from db import generations as rows
from db.database import Database
from db.states import ENDED, State
from services.errors import NotFoundError
from services.jobs.live_text import LiveChunk, LiveText
from services.jobs.tail import Followed, Tail

__all__ = ["Live", "LiveChunk", "LiveText"]


class Live:
    """The texts that streams of this process write to, and those that it follows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._here: dict[str, LiveText] = {}
        self._tail = Tail(database)

    def open(self, generation_id: str) -> LiveText:
        """Return the text a stream of this process writes to; viewers that already wait keep their object."""
        with self._lock:
            text = self._tail.take(generation_id) or LiveText(State.SENDING)
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
        found = self._tail.get(generation_id)
        if found is not None:
            found.tell(state=state)

    def watch(self, generation_id: str) -> LiveText:
        """Return the live text of a generation.

        Raises:
            NotFoundError: there is no such generation.
        """
        found = self._known(generation_id)
        if found is not None:
            return found
        one = self._load(generation_id)
        with self._lock:
            if generation_id in self._here:  # it began while we read
                return self._here[generation_id]
            return one.text if one.text.ended else self._tail.follow(one)

    @property
    def listens(self) -> bool:
        """Whether other processes' news reaches viewers at once, and not by the clock."""
        return self._tail.listens

    def stop(self) -> None:
        """Follow nothing any more."""
        self._tail.stop()

    def _known(self, generation_id: str) -> LiveText | None:
        with self._lock:
            return self._here.get(generation_id) or self._tail.get(generation_id)

    def _load(self, generation_id: str) -> Followed:
        with self._database.reading() as session:
            row = rows.get(session, None, generation_id)
            if row is None:
                raise NotFoundError("no such generation")
            pieces = deltas.load(session, row.seq)
        one = Followed(row.id, row.seq, LiveText(row.state))
        one.read(pieces)
        if row.state in ENDED:
            one.text.append_rest(reasoning=row.reasoning, content=row.content)
        one.text.tell(progress=row.progress[-1] if row.progress else None, stage=row.stage)
        return one
