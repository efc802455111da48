"""What executes in this process: writer, watchdog, streams, fetches, and the engine where a queue is worked on."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from db import generations as rows
from db.database import Database
from db.records import Ending, Generation
from db.states import State, VideoState
from db.trouble import StoreTrouble
from services.endpoint.profiles import Endpoints
from services.endpoint.views import Limits
from services.errors import MediaError, SecretError
from services.jobs.aside import put_aside
from services.jobs.crew import Crew
from services.jobs.doorbell import Doorbell
from services.jobs.leave import Leave
from services.jobs.live import Live
from services.jobs.on_demand import EngineOnDemand
from services.jobs.outfit import Outfit
from services.jobs.recovery import Heartbeat
from services.jobs.watchdog import Watchdog
from services.jobs.writer import Writer
from services.room import Ballast, has_room
from services.seen.figures import Figures
from services.settings import Settings

if TYPE_CHECKING:
    from services.jobs.dispatch import Dispatcher
    from services.jobs.queue import Engine
    from services.jobs.runner import Runner
    from services.media.keep import Keeper
    from services.media.link_looks import LinkLooks

logger = logging.getLogger(__name__)
SHUTDOWN_SECONDS = 6.0
TROUBLED_SECONDS = 1.0
DRAIN_LOOK = 0.2


class Executor:
    """What executes: writer, watchdog, streams, fetches; with `queued` also the engine and its dispatcher."""

    def __init__(  # the parts it joins
        self,
        database: Database,
        settings: Settings,
        live: Live,
        worker: str,
        endpoints: Callable[[str], Endpoints],
        *,
        queued: bool,
    ) -> None:
        self._database = database
        self._worker = worker
        self._endpoints = endpoints
        self._settings = settings
        self._closing = threading.Event()
        self.figures = Figures()
        if not queued:
            self._closing.set()  # a command that cannot claim says so instead of waiting
        self._engine: EngineOnDemand | None = None
        self._dispatcher: Dispatcher | None = None
        self._doorbell: Doorbell | None = None
        self._looks: LinkLooks | None = None
        self._ballast = Ballast(settings)
        self.writer = Writer(database, ballast=self._ballast, put_aside=partial(put_aside, settings.home, worker))
        self.watchdog = Watchdog()
        self._fetches = Crew("fetch")
        self._streams = Crew("stream")
        self._leave = Leave(database, worker)
        self._outfit = Outfit(partial(self._make_outfit, live))
        self._heartbeat = Heartbeat(database, worker, settings.home, self._buried)
        if queued:
            self._start_queue(database, settings, live, worker)

    def _start_queue(self, database: Database, settings: Settings, live: Live, worker: str) -> None:
        from services.media.store import store_of

        try:
            store_of(settings).sweep_parts()
            self._start_engine(database, settings, live, worker)
            self._outfit.warm(then=self._begin_looks)
            self._ballast.begin(lambda: database.standing.trouble is None)
        except BaseException:
            self.close()
            raise

    def _make_outfit(self, live: Live) -> tuple[Runner, Keeper]:
        from services.jobs.runner import Parts, Runner
        from services.media.keep import Keeper
        from services.media.store import store_of
        from services.pictures.wire import body_of

        settings = self._settings
        parts = Parts(
            database=self._database,
            writer=self.writer,
            live=live,
            watchdog=self.watchdog,
            access=lambda generation: self._endpoints(generation.owner).access(generation),
            body=lambda generation: body_of(generation, self._database, store_of(settings)),
            worker=self._worker,
            connect_seconds=settings.connect_seconds,
            may_send=self._may_send,
            closing=self._closing,
            figures=self.figures,
            on_video=self._on_video,
            on_end=self._on_end,
        )
        return Runner(parts), Keeper(self._database, store_of(settings), settings, self._access_of)

    def _begin_looks(self) -> None:
        from services.media.link_looks import LinkLooks

        self._looks = LinkLooks(self._database, self._outfit.keeper.policy_of, self._settings.link_look_seconds)

    def _start_engine(self, database: Database, settings: Settings, live: Live, worker: str) -> None:
        from services.jobs.dispatch import Dispatcher

        self._engine = EngineOnDemand(self._make_engine)
        if database.dialect != "sqlite":  # others may have given it work for us
            self._engine.begin()
        self._dispatcher = Dispatcher(
            database=database,
            engine=self._engine,
            live=live,
            watchdog=self.watchdog,
            worker=worker,
            settings=settings,
            own_limits=self._own_limits,
            send=self._send if database.dialect == "sqlite" else None,
            may_send=self._may_send,
        )
        self._doorbell = Doorbell(database, self.wake)

    def _make_engine(self) -> Engine:
        from services.jobs.queue import Engine, Work

        work = Work(generate=self._generate, fetch=self._fetch, settled=self._engine_has_room)
        return Engine(self._settings, self._worker, work)

    @property
    def alive(self) -> bool:
        """Whether every thread that must run does."""
        engine = self._engine is None or (self._engine.alive and bool(self._dispatcher and self._dispatcher.alive))
        return self.writer.alive and engine

    def _buried(self, worker: str) -> None:
        """Free the places a dead worker held in the engine; what it had taken, or was about to give, goes in again."""
        if self._engine is not None and self._dispatcher is not None:
            self._engine.release(worker)
            self._dispatcher.readmit()
        self.wake()

    def wake(self) -> None:
        """Look for work now."""
        self._outfit.begin()
        if self._dispatcher is not None:
            self._dispatcher.wake()

    def run_here(self, generation_id: str) -> None:
        """Stream one generation in this thread and wait for its videos."""
        self._outfit.runner.run(generation_id)
        self._fetches.wait_idle()

    def drain(self, hurry: threading.Event) -> None:
        """Take nothing more; for `drain_seconds`, or until `hurry` is set, wait for what runs here to end by itself."""
        self._rest()
        end = time.monotonic() + self._settings.drain_seconds
        while (self._leave.busy or self.watchdog.running) and time.monotonic() < end and not hurry.wait(DRAIN_LOOK):
            pass

    def _rest(self) -> None:
        self._closing.set()
        if self._doorbell is not None:
            self._doorbell.close()
        if self._dispatcher is not None:
            self._dispatcher.rest()
        if self._engine is not None:
            self._engine.pause()

    def close(self) -> None:
        """Shut sockets first: Python waits for the engine's threads (DESIGN, "What was learnt")."""
        self._rest()
        self._ballast.close()
        if self._dispatcher is not None:
            self._dispatcher.close()
        self._outfit.close()
        if self._looks is not None:
            self._looks.close()
        self.watchdog.close()
        self.watchdog.wait_idle(SHUTDOWN_SECONDS)
        in_trouble = self.writer.unsaved  # what waits for a lock may wait for long: it is put aside instead
        self._streams.wait_idle(TROUBLED_SECONDS if in_trouble else SHUTDOWN_SECONDS)
        self.writer.close(TROUBLED_SECONDS if in_trouble else SHUTDOWN_SECONDS)
        if self._engine is not None:
            if not in_trouble and self._database.dialect != "sqlite":  # who is alone takes it up at its next start
                with contextlib.suppress(StoreTrouble):
                    self._leave.hand_back(self._engine)
            self._engine.close()
        self._heartbeat.close(sign_off=not in_trouble)

    def _may_send(self) -> bool:
        """Whether what a prompt brings could be kept: room on the disk, and nothing older that still waits for it."""
        return not self.writer.unsaved and self._database.standing.trouble is None and has_room(self._settings)

    def _generate(self, generation_id: str) -> None:
        if self._closing.is_set():  # given to us in the last moment: nothing of it has begun
            self._leave.generations.append(generation_id)
            return
        with self._leave.under_way():
            sent = self._outfit.runner.run(generation_id)
        if not sent:
            self.wake()

    def _engine_has_room(self) -> None:
        if self._engine is not None:
            self._engine.ring()

    def _send(self, generation: Generation) -> None:
        self._streams.begin(lambda: self._outfit.runner.send(generation))

    def stop_fetch(self, video_id: str) -> bool:
        """Shut the socket of one download; False if it does not run here."""
        return self._outfit.keeper.stop(video_id)

    def _fetch(self, video_id: str) -> None:
        try:
            with self._leave.under_way():
                video = self._outfit.keeper.keep(video_id, self._worker)
        except MediaError as error:
            if self._closing.is_set():
                self._leave.videos.append(video_id)
            self.figures.fetched(error.code)
            logger.info("video not saved", extra={"video": video_id, "code": error.code})
            raise
        if video.state is VideoState.KEPT:
            self.figures.fetched("kept")
            named = {"generation": video.generation_id, "video": video_id, "bytes": video.size_bytes}
            logger.info("video saved", extra=named)

    def _on_video(self, video_id: str) -> None:
        if self._dispatcher is not None:
            self._dispatcher.wake()
            return

        def fetch() -> None:
            with contextlib.suppress(MediaError):
                self._fetch(video_id)

        self._fetches.begin(fetch)

    def _on_end(self, generation: Generation, ending: Ending, retry_after_seconds: float | None) -> None:
        self.figures.ended(ending.state, ending.duration_seconds)
        named = {"state": str(ending.state), "code": ending.error_code, "http_status": ending.http_status}
        logger.info("ended", extra={**named, "seconds": ending.duration_seconds})
        refused = ending.state is State.REJECTED and ending.http_status == 429 and not generation.demo
        if refused and self._dispatcher is not None:
            teaches = ending.error_code != "insufficient_quota"
            self._dispatcher.refused(generation, retry_after_seconds, teaches=teaches)
        self.wake()

    def _access_of(self, generation_id: str) -> tuple[str | None, str | None]:
        with self._database.reading() as session:
            generation = rows.get(session, None, generation_id)
        if generation is None:
            return None, None
        try:
            access = self._endpoints(generation.owner).access(generation)
        except SecretError:  # most videos lie on hosts that never get the token
            return generation.base_url, None
        return access.base_url, access.token

    def _own_limits(self, owner: str, endpoint_id: str) -> Limits:
        return self._endpoints(owner).limits(endpoint_id)
