"""What runs in another process, followed in the database: one thread for all viewers of this one.

It looks four times a second. On Postgres a notice from whoever writes makes it look at once, at what has news; without
notices (SQLite, a broken connection) all is the same, and up to a quarter of a second later.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from db import deltas
from db import generations as rows
from db.database import Database
from db.notices import TEXT, Listener
from db.states import ENDED, State
from db.trouble import StoreTrouble
from services.jobs.live_text import LiveText

if TYPE_CHECKING:
    from services.endpoint.gauge import Gauge

LOOK_SECONDS = 0.25
REST_SECONDS = 0.02  # between two looks, so that a hundred streams with news each moment cost no more than fifty looks
GRACE_SECONDS = 2.0  # between asking for a text and waiting for more of it
NOT_BEGUN = frozenset({State.HELD, State.QUEUED})


def _gauge() -> Gauge:
    from services.endpoint.gauge import Gauge

    return Gauge()


@dataclass(slots=True)
class Followed:
    """A generation of another process: its text here, and the last piece of it that was read."""

    id: str
    seq: int
    text: LiveText
    last: int = 0
    gauge: Gauge = field(default_factory=_gauge)
    asked_at: float = field(default_factory=time.monotonic)

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for more of it, or may be about to."""
        return not self.text.ended and (self.text.watched or time.monotonic() - self.asked_at < GRACE_SECONDS)

    def read(self, pieces: list[tuple[int, str, str]]) -> None:
        """Take the next pieces, and what they say of how far it is."""
        if pieces:
            self.last = pieces[-1][0]
            said = [(kind, text) for _, kind, text in pieces]
            self.text.append(said)
            self.gauge.feed(said)
            self.text.tell(progress=self.gauge.progress, stage=self.gauge.stage)


class Tail:
    """Follows what somebody in this process watches; sleeps, and listens to nothing, while nobody does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._followed: dict[str, Followed] = {}
        self._stop = threading.Event()
        self._busy = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Listener | None = None
        self._all_at = 0.0

    def get(self, generation_id: str) -> LiveText | None:
        """Return the text of what is followed already."""
        with self._lock:
            found = self._followed.get(generation_id)
            if found is None:
                return None
            found.asked_at = time.monotonic()
            return found.text

    def take(self, generation_id: str) -> LiveText | None:
        """Follow it no longer, for it runs here now; return the text its viewers hold."""
        with self._lock:
            found = self._followed.pop(generation_id, None)
        return found.text if found else None

    def follow(self, one: Followed) -> LiveText:
        """Follow it from now on; return the text to watch, an earlier viewer's if there is one."""
        with self._lock:
            text = self._followed.setdefault(one.id, one).text
        self._busy.set()
        if self._thread is None:
            thread = threading.Thread(target=self._work, name="live-tail", daemon=True)
            thread.start()
            self._thread = thread  # not before it runs: a stop meanwhile would join it
        return text

    @property
    def listens(self) -> bool:
        """Whether notices arrive at present; without them each look is by the clock."""
        return self._listener is not None and self._listener.listens

    def stop(self) -> None:
        """Follow nothing any more."""
        self._stop.set()
        self._busy.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def _work(self) -> None:
        self._listener = self._database.listener(TEXT)
        while not self._stop.is_set():
            self._busy.wait()
            named = self._wait()
            due = [one for one in self._watched() if named is None or one.seq in named]
            if due and not self._stop.is_set():
                with contextlib.suppress(StoreTrouble):
                    self._look(due)
                self._stop.wait(REST_SECONDS)
        if self._listener is not None:
            self._listener.close()

    def _wait(self) -> set[int] | None:
        """Return which generations have news; None when it is time to look at all."""
        left = self._all_at - time.monotonic()
        if left > 0:
            if self._listener is None:
                self._stop.wait(left)
            elif named := self._listener.wait(left):
                return named
        self._all_at = time.monotonic() + LOOK_SECONDS
        return None

    def _watched(self) -> list[Followed]:
        """Forget what nobody watches any more, or has ended; return the rest."""
        with self._lock:
            for id, one in list(self._followed.items()):
                if not one.wanted:
                    del self._followed[id]
            followed = list(self._followed.values())
            if not followed:
                self._busy.clear()
        if not followed and self._listener is not None:
            self._listener.close()
        return followed

    def _look(self, due: list[Followed]) -> None:
        with self._database.reading() as session:
            states = rows.states_of(session, [one.id for one in due])
            begun = [one for one in due if states.get(one.id) not in NOT_BEGUN]
            pieces = {one.id: deltas.load(session, one.seq, one.last) for one in begun}
            ended = {one.id: rows.get(session, None, one.id) for one in begun if states.get(one.id) in ENDED}
        for one in due:
            with self._lock:
                ours = self._followed.get(one.id) is one
            if not ours:
                continue  # a stream of this process has taken it over, and starts from nothing
            one.read(pieces.get(one.id, []))
            last = ended.get(one.id)
            if last is not None:  # the pieces are gone, joined into the row
                one.text.append_rest(reasoning=last.reasoning, content=last.content)
                one.text.tell(progress=last.progress[-1] if last.progress else None, stage=last.stage)
            one.text.tell(state=states.get(one.id))
