"""The engine, started when there is first something for it to do.

Importing and starting it costs 0.35 s of processor time and 30 MB. Where this process sends by itself (docs/adr/0009)
only a fetch needs it, so a start, an idle server and every page before the first video do without.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from services.jobs.queue import Engine

logger = logging.getLogger(__name__)
START_SECONDS = 10.0


class EngineOnDemand:
    """Starts the engine in a thread of its own on first need; what is asked meanwhile is passed on in order."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self._turn = threading.Lock()
        self._asked: list[Callable[[Engine], object]] = []
        self._engine: Engine | None = None
        self._starter: threading.Thread | None = None
        self._closed = False

    def begin(self) -> None:
        """Start it now, and return when it runs."""
        self._engine = self._make()

    def generate(self, generation_id: str, person: str) -> None:
        """Enqueue a generation; the same id twice is one workflow."""
        self._ask(lambda engine: engine.generate(generation_id, person))

    def fetch(self, video_id: str, attempt: int, deadline: dt.datetime) -> None:
        """Enqueue the saving of a video, the earliest deadline first."""
        self._ask(lambda engine: engine.fetch(video_id, attempt, deadline))

    def ring(self) -> None:
        """Have the generations queue looked at now."""
        if self._engine is not None:
            self._engine.ring()

    def release(self, worker: str) -> None:
        """Forget what a dead worker had begun."""
        if self._engine is not None:
            self._engine.release(worker)

    def hand_back(self, worker: str, refused: Collection[str]) -> list[str]:
        """Forget what this worker was given, and the workflows it refused; return the ids of the former."""
        return [] if self._engine is None else self._engine.hand_back(worker, refused)

    def forget_over(self, generation_ids: Sequence[str]) -> None:
        """Forget workflows that are over and did nothing."""
        if self._engine is not None:
            self._engine.forget_over(generation_ids)

    def pause(self) -> None:
        """Take no more work; what was taken goes on."""
        if self._engine is not None:
            self._engine.pause()

    def sweep(self) -> None:
        """Delete workflows that are over."""
        if self._engine is not None:
            self._engine.sweep()

    @property
    def alive(self) -> bool:
        """Whether it works, or need not."""
        return self._engine is None or self._engine.alive

    def close(self) -> None:
        """Stop it if it was started."""
        with self._turn:
            self._closed = True
            starter = self._starter
        if starter is not None:
            starter.join(START_SECONDS)
        with self._turn:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _ask(self, call: Callable[[Engine], object]) -> None:
        with self._turn:
            if self._engine is None:
                self._asked.append(call)
                if self._starter is None and not self._closed:
                    self._starter = threading.Thread(target=self._start, name="engine-start", daemon=True)
                    self._starter.start()
                return
            engine = self._engine
        call(engine)

    def _start(self) -> None:
        try:
            engine = self._make()
        except Exception:
            logger.exception("the engine could not be started")
            with self._turn:
                self._starter = None  # the next call tries again
            return
        with self._turn:
            too_late = self._closed
            self._engine = None if too_late else engine
            asked, self._asked = self._asked, []
        if too_late:  # it is one a process: left running, it would keep the next one from starting
            engine.close()
            return
        for call in asked:
            call(engine)
