"""What happens to work whose worker is gone: it is told, its text is kept, nothing is sent again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from db import generations as rows
from db import raw, videos, workers
from db.database import Database
from db.records import Ending, Generation
from db.states import Outcome, State
from db.trouble import StoreTrouble
from services.clock import utc_now
from services.jobs import aside

BEAT_SECONDS = 2.0
DEAD_SECONDS = 10.0
logger = logging.getLogger(__name__)

REASONS = {
    State.UNKNOWN: ("worker_lost", "Dailies was interrupted while this was being sent."),
    State.INCOMPLETE: ("worker_lost", "Dailies was interrupted while the answer was coming."),
}


def bury(database: Database, worker: str, home: Path | None = None) -> list[str]:
    """End what a dead worker had in flight: sending becomes unknown, streaming incomplete; return those ids.

    `home` is where it may have put aside what it could not save.
    """
    with database.transaction() as session:
        if home is not None:
            aside.take_up(session, home, worker)
        ended = rows.abandon(session, worker, utc_now(), reasons=REASONS)
        if ended:
            from services.usage.freezing import freeze

            freeze(session, ended)
        videos.abandon(session, worker)
    if home is not None:
        aside.forget(home, worker)
    for generation_id in ended:
        _read_what_came(database, generation_id)
    return ended


def _read_what_came(database: Database, generation_id: str) -> None:
    """Find the links and ids in what had arrived, and have the videos saved."""
    with database.reading() as session:
        generation = rows.get(session, None, generation_id)
        kept = raw.load(session, generation.owner, generation_id) if generation else None
    if generation is None or kept is None or not kept.data:
        return
    from services.endpoint.answer import AnswerReader

    reader = AnswerReader(
        http_status=generation.http_status or 200, content_type=kept.content_type, base_url=generation.base_url
    )
    reader.feed(kept.data)
    answer = reader.finish(complete=False)
    reading = Ending(
        state=State.INCOMPLETE,
        outcome=Outcome(answer.outcome) if answer.outcome else None,
        progress=tuple(answer.progress),
        stage=answer.stage,
        links=tuple(link.as_dict() for link in answer.links),
        task_ids=tuple(answer.task_ids),
        flags=tuple(answer.flags),
    )
    with database.transaction() as session:
        rows.note_reading(session, generation_id, reading)
    _add_videos(database, generation, answer.resolved_video_urls)


def _add_videos(database: Database, generation: Generation, found: tuple[str, ...]) -> None:
    with database.transaction() as session:
        for url in found:
            videos.add(
                session,
                id=token_hex(12),
                owner=generation.owner,
                generation_id=generation.id,
                source_url=url,
                at=utc_now(),
            )


class Heartbeat:
    """Shows that this worker lives and watches the others. Compares counters on our own clock, never two clocks."""

    def __init__(self, database: Database, worker: str, home: Path, buried: Callable[[str], None]) -> None:
        self._database = database
        self._home = home
        self._worker = worker
        self._buried = buried
        self._stop = threading.Event()
        self._seen: dict[str, tuple[int, float]] = {}
        with database.transaction() as session:
            workers.register(session, worker, utc_now())
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._thread.start()

    def close(self, *, sign_off: bool = True) -> None:
        """Stop, and say that we are gone (unless the store is in trouble: others notice by themselves)."""
        self._stop.set()
        if not sign_off:
            return
        self._thread.join(3.0)
        try:
            with self._database.transaction() as session:
                workers.remove(session, self._worker)
        except StoreTrouble:
            logger.warning("could not sign off")

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                self._once()
            except StoreTrouble as error:
                logger.warning("no heartbeat: %s", type(error).__name__)

    def _once(self) -> None:
        with self._database.transaction() as session:
            if not workers.beat(session, self._worker):
                workers.register(session, self._worker, utc_now())
            others = [worker for worker in workers.all(session) if worker.id != self._worker]
        now = time.monotonic()
        for other in others:
            beat, since = self._seen.get(other.id, (-1, now))
            if beat != other.beat:
                self._seen[other.id] = (other.beat, now)
            elif now - since > DEAD_SECONDS:
                self._bury(other.id, other.beat)

    def _bury(self, worker: str, beat: int) -> None:
        """End what a worker left, and forget it last: who dies half way leaves the rest to the next one that looks.

        Several may do it at once: each step changes only what the others have not.
        """
        with self._database.reading() as session:
            still = any((one.id, one.beat) == (worker, beat) for one in workers.all(session))
        if still:
            bury(self._database, worker, self._home)
            self._buried(worker)
            with self._database.transaction() as session:
                workers.remove(session, worker, beat=beat)
        self._seen.pop(worker, None)
