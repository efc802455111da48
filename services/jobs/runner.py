"""Streams one generation: claim, one POST, every byte to the writer, the verdict at the end.

The claim makes the POST happen at most once; nothing here ever repeats it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass, fields, replace
from secrets import token_hex
from typing import Any

from db import generations as rows
from db import videos
from db.database import Database
from db.records import Ending, Generation
from db.states import State
from db.trouble import StoreTrouble, trouble_of
from services.clock import utc_now
from services.endpoint import urls
from services.endpoint.answer import AnswerReader
from services.endpoint.redact import JoinedText, Redactor
from services.endpoint.relay_marks import relay_marks
from services.endpoint.transport import Exchange
from services.endpoint.views import Access
from services.errors import DailiesError, EndpointError, NotSentError
from services.jobs.endings import with_answer, without_answer
from services.jobs.finish import Finish
from services.jobs.live import Live, LiveText
from services.jobs.watchdog import Watchdog
from services.jobs.writer import Writer
from services.seen.figures import Figures
from services.seen.log_lines import about
from services.trouble import store_error

logger = logging.getLogger(__name__)
SNAPSHOT_SECONDS = 0.1
AGAIN_SECONDS = 1.0
ERROR_BODY_BYTES = 64 * 1024  # RELIABILITY a: read no more of an error
FOREIGN = (  # what an ending holds of the endpoint's own words
    *("content", "reasoning", "stage", "links", "task_ids"),
    *("finish_reason", "usage", "error_message", "content_type"),
)
KINDS = {"content": "c", "reasoning": "r"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a stream needs of the runtime. `on_video` hears of each sure link's video id, `on_end` of each ending.

    `body` is the request as it leaves, pictures and all. While `may_send()` is false nothing is claimed; `closing` ends
    that wait.
    """

    database: Database
    writer: Writer
    live: Live
    watchdog: Watchdog
    access: Callable[[Generation], Access]
    body: Callable[[Generation], dict[str, Any]]
    worker: str
    connect_seconds: float
    may_send: Callable[[], bool]
    closing: threading.Event
    figures: Figures
    on_video: Callable[[str], None]
    on_end: Callable[[Generation, Ending, float | None], None]


class Runner:
    """Runs generations, each in the thread that calls."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def run(self, generation_id: str) -> bool:
        """Stream one generation to its end; False if it is not ours to send (claimed before, cancelled).

        Raises:
            StoreError: it could not be claimed before Dailies was stopped: it stays queued, nothing was sent.
        """
        generation = self._claimed(generation_id)
        if generation is None:
            return False
        self.send(generation)
        return True

    def _claimed(self, generation_id: str) -> Generation | None:
        """Claim it, however long the store is in trouble: nothing leaves before that is committed."""
        parts, tried = self._parts, False
        while True:
            try:
                if parts.may_send():
                    with parts.database.transaction() as session:
                        generation = rows.claim(session, generation_id, parts.worker, utc_now())
                        # A commit whose answer was lost may have worked: then the row says that it is ours.
                        return generation or (rows.claimed(session, generation_id, parts.worker) if tried else None)
            except StoreTrouble as error:
                if trouble_of(error) is None:
                    raise
                tried = True
            if parts.closing.wait(AGAIN_SECONDS):
                raise store_error("store_unavailable", unsent=True)

    def send(self, generation: Generation) -> None:
        """Stream what this worker has claimed, to its end."""
        with about(generation.id):
            Stream(self._parts, generation).run()


class Stream:
    """One generation on the wire."""

    def __init__(self, parts: Parts, generation: Generation) -> None:
        self._parts = parts
        self._generation = generation
        self._text: LiveText = parts.live.open(generation.id)
        self._exchange = Exchange(connect_seconds=parts.connect_seconds)
        self._began = time.monotonic()
        self._known: set[str] = set()
        self._looked = 0.0
        self._said = False
        self._redactor = Redactor()
        self._joined = JoinedText(())

    def run(self) -> None:
        """Send, read, end. Whatever happens the generation gets an ending that can be kept."""
        logger.info("sending")
        try:
            ending = self._exchanged()
        finally:
            self._parts.watchdog.leave(self._generation.id)
            self._exchange.close()
        self._end(ending)

    def _exchanged(self) -> Ending:
        try:
            access, body = self._parts.access(self._generation), self._parts.body(self._generation)
        except DailiesError as error:
            return without_answer(
                NotSentError(error.message, code=error.code), why=None, sent=False, duration_seconds=0.0
            )
        self._redactor = Redactor([access.token])
        self._joined = JoinedText([access.token])
        self._parts.watchdog.watch(
            self._generation.id,
            self._exchange,
            idle_seconds=access.idle_seconds,
            total_seconds=access.total_seconds,
        )
        try:
            self._exchange.post(
                urls.completions_url(access.base_url),
                token=access.token,
                body=body,
                idempotency_key=self._generation.id,
            )
        except EndpointError as error:
            error.message = self._redactor.text(error.message)
            exchange = self._exchange
            return without_answer(error, why=exchange.why, sent=exchange.sent, duration_seconds=self._elapsed())
        return self._read(access)

    def _read(self, access: Access) -> Ending:
        exchange, generation, worker = self._exchange, self._generation, self._parts.worker
        status, at = exchange.status, utc_now()
        self._parts.writer.do(lambda session: rows.mark_streaming(session, generation.id, worker, status, at))
        self._text.tell(state=State.STREAMING)
        reader = AnswerReader(http_status=status, content_type=exchange.content_type, base_url=access.base_url)
        complete, received = True, 0
        try:
            while not reader.done and not reader.failed:
                self._wait_for_room()
                chunk = exchange.read()
                if not chunk:
                    break
                self._take(reader, self._redactor.feed(chunk))
                received += len(chunk)
                if status != 200 and received > ERROR_BODY_BYTES:
                    break
        except EndpointError:  # cut, or stopped by us: the exchange knows why
            complete = False
        self._take(reader, self._redactor.finish())
        self._keep(self._joined.finish(), b"")
        answer = reader.finish(complete=complete and exchange.why is None)
        if not self._said:  # one whole JSON answer has no deltas
            self._text.append(
                [("r", self._redactor.text(answer.reasoning)), ("c", self._redactor.text(answer.content))]
            )
        self._note_videos(answer.resolved_video_urls)
        ending = with_answer(answer, why=exchange.why, http_status=status, duration_seconds=self._elapsed())
        ending = replace(
            ending, content_type=exchange.content_type, flags=(*ending.flags, *relay_marks(exchange.headers))
        )
        return self._clean(ending)

    def _wait_for_room(self) -> None:
        """Read no further while too much is unsaved; the endpoint is not to blame for that silence."""
        while self._exchange.why is None and not self._parts.writer.wait_for_room(0.2):
            self._exchange.pardon()

    def _clean(self, ending: Ending) -> Ending:
        """Redact once more what was joined: a token may have been cut over several deltas, a link's text included."""
        values = {field.name: getattr(ending, field.name) for field in fields(ending)}
        return replace(ending, **{name: self._redactor.value(values[name]) for name in FOREIGN})

    def _take(self, reader: AnswerReader, chunk: bytes) -> None:
        if not chunk:
            return
        self._keep(self._joined.feed([(KINDS[delta.kind], delta.text) for delta in reader.feed(chunk)]), chunk)
        now = time.monotonic()
        if now - self._looked >= SNAPSHOT_SECONDS:
            self._looked = now
            snapshot = reader.snapshot()
            self._text.tell(progress=snapshot.progress[-1] if snapshot.progress else None, stage=snapshot.stage)
            self._note_videos(snapshot.video_urls)

    def _keep(self, pieces: list[tuple[str, str]], chunk: bytes) -> None:
        """Have what arrived written, and show it."""
        if pieces or chunk:
            self._parts.writer.append(self._generation.seq, pieces, chunk, self._elapsed())
        if pieces:
            if not self._said:
                self._parts.figures.first_text.note(self._elapsed())
            self._said = True
            self._text.append(pieces)

    def _note_videos(self, found: tuple[str, ...]) -> None:
        """Have each sure link saved at once, while the answer still comes: links can live ten minutes."""
        generation, parts = self._generation, self._parts
        for url in map(self._redactor.text, found):
            if url in self._known:
                continue
            self._known.add(url)

            def add(session: Any, url: str = url) -> str:
                return videos.add(
                    session,
                    id=token_hex(12),
                    owner=generation.owner,
                    generation_id=generation.id,
                    source_url=url,
                    at=utc_now(),
                ).id

            parts.writer.do(add, soon=True).add_done_callback(lambda future: parts.on_video(future.result()))

    def _end(self, ending: Ending) -> None:
        generation, parts = self._generation, self._parts
        if not self._ended(ending):
            # Something in the answer cannot be stored: what it said is kept all the same.
            kept = Ending(state=ending.state, content=ending.content, reasoning=ending.reasoning)
            self._ended(replace(kept, error_code=ending.error_code, http_status=ending.http_status))
        parts.live.close(generation.id, ending.state)
        parts.on_end(generation, ending, self._exchange.retry_after_seconds if self._exchange.sent else None)

    def _ended(self, ending: Ending) -> bool:
        """Have the writer end the generation, however long the store is in trouble; False if it never can be."""
        parts = self._parts
        future = parts.writer.do(Finish(self._generation, parts.worker, ending, utc_now()), soon=True)
        while not future.done() and parts.writer.alive:
            wait([future], timeout=1.0)
        return not future.done() or future.exception() is None

    def _elapsed(self) -> float:
        return time.monotonic() - self._began
