"""The engine: DBOS Transact carries the queue, its exact limits and the retries of fetches. The only importer of dbos.

Two workflows: `generate` (workflow id = generation id, one step, never retried: the claim in our own row is what makes
the POST happen once) and `fetch` (a queue of its own, retried with backoff). The engine's tables are private to it.

DBOS looks for work at an interval. We run its own queue loop in threads of ours on an Event that can be rung, so that
a click is served at once while an idle server looks seldom (docs/adr/0002).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from dbos._dbos import _get_dbos_instance
from dbos._queue import queue_worker_thread

from db.engine_store import open_engine_store
from services.errors import MediaError
from services.settings import Settings

APPLICATION_VERSION = "1"  # pinned: a deploy must not strand queued work
POLL_SECONDS = {"generations": 5.0, "fetches": 5.0}  # for what nobody rang for: work rings the bell itself
OWN_POLL_SECONDS = 30.0  # of the engine's queue for its own ends, of which we have none: 1 s cost 1 % of a core
FETCH_TRIES = 8
FETCHES_AT_ONCE = 8
EPOCH_SECONDS = 1_700_000_000  # priorities are counted from here: DBOS takes 31 bits


@dataclass(frozen=True, slots=True)
class Work:
    """What the workflows do: `generate(generation_id)`, `fetch(video_id)`; `settled` hears when a workflow is over."""

    generate: Callable[[str], object]
    fetch: Callable[[str], object]
    settled: Callable[[], None]


_work: Work | None = None


class Bell(threading.Event):
    """An Event whose waiting can be ended early without setting it."""

    def __init__(self) -> None:
        super().__init__()
        self._rung = threading.Event()

    def ring(self) -> None:
        """End the present wait, or the next one."""
        self._rung.set()

    def set(self) -> None:
        """Stop for good."""
        super().set()
        self._rung.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until set, rung or timed out; True only when set."""
        if not self.is_set():
            self._rung.wait(timeout)
            self._rung.clear()
        return self.is_set()


@DBOS.step(name="stream", retries_allowed=False)
def _stream(generation_id: str) -> None:
    if _work is not None:
        _work.generate(generation_id)


@DBOS.workflow(name="generate")
def _generate(generation_id: str) -> None:
    try:
        _stream(generation_id)
    finally:
        if _work is not None:
            _work.settled()


@DBOS.step(name="download", retries_allowed=True, max_attempts=FETCH_TRIES, interval_seconds=1.0, backoff_rate=2.0)
def _download(video_id: str) -> None:
    if _work is None:
        return
    try:
        _work.fetch(video_id)
    except MediaError as error:
        if error.retry:
            raise


@DBOS.workflow(name="fetch")
def _fetch(video_id: str) -> None:
    # A download that never succeeds is told in our own row; the engine need not keep it as its failure too.
    with contextlib.suppress(Exception):
        _download(video_id)


class Engine:
    """The running engine of this process. One a process, as DBOS is."""

    def __init__(self, settings: Settings, worker: str, work: Work) -> None:
        global _work  # DBOS registers plain functions, once a process
        _work = work
        config = _config(settings, worker)
        self._store = config.get("system_database_engine")
        DBOS(config=config)
        DBOS.listen_queues([])
        _get_dbos_instance()._registry.get_internal_queue()._polling_interval_sec = OWN_POLL_SECONDS
        DBOS.launch()
        self._background = _get_dbos_instance()._background_threads
        self._bells: dict[str, Bell] = {}
        self._threads: list[threading.Thread] = []
        self._paused = False
        self._listen("generations", settings.concurrency, settings.person_concurrency, settings.worker_concurrency)
        self._listen("fetches", FETCHES_AT_ONCE, None, FETCHES_AT_ONCE)

    def generate(self, generation_id: str, person: str) -> None:
        """Enqueue a generation; the same id twice is one workflow."""
        with SetWorkflowID(generation_id), SetEnqueueOptions(queue_partition_key=person):
            DBOS.enqueue_workflow("generations", _generate, generation_id)
        self.ring()

    def fetch(self, video_id: str, attempt: int, deadline: dt.datetime) -> None:
        """Enqueue the saving of a video, the earliest deadline first; each attempt is a workflow of its own."""
        priority = min(max(int(deadline.timestamp()) - EPOCH_SECONDS, 1), 2**31 - 1)  # DBOS: the lowest goes first
        with SetWorkflowID(f"fetch-{video_id}-{attempt}"), SetEnqueueOptions(priority=priority):
            DBOS.enqueue_workflow("fetches", _fetch, video_id)
        self._bells["fetches"].ring()

    def ring(self) -> None:
        """Have the generations queue looked at now."""
        self._bells["generations"].ring()

    def sweep(self) -> None:
        """Delete workflows that are over: the engine keeps them for ever otherwise."""
        over = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], limit=500, load_input=False, load_output=False
        )
        if len(over) > 100:
            DBOS.delete_workflows([one.workflow_id for one in over])

    def release(self, worker: str) -> list[str]:
        """Forget what a worker that is gone had begun, for it holds places in the limits; return the ids."""
        left = DBOS.list_workflows(status="PENDING", executor_id=worker, load_input=False, load_output=False)
        if left:
            DBOS.delete_workflows([one.workflow_id for one in left])
        return [one.workflow_id for one in left]

    def hand_back(self, worker: str, refused: Collection[str]) -> list[str]:
        """Forget what a worker that stops was given, and the workflows it refused; return the ids of the former.

        In a thread of its own: a server stops within its event loop, where the engine's own calls refuse to work.
        """

        def give() -> list[str]:
            given = self.release(worker)
            if refused:
                DBOS.delete_workflows(list(refused))
            return given

        with ThreadPoolExecutor(1, "engine-leaves") as aside:
            return aside.submit(give).result()

    def forget_over(self, generation_ids: Sequence[str]) -> None:
        """Forget workflows that are over and did nothing, for their rows still wait: each may be given out again."""
        over = ["SUCCESS", "ERROR", "CANCELLED"]
        found = DBOS.list_workflows(workflow_ids=[*generation_ids], status=over, load_input=False, load_output=False)
        if found:
            DBOS.delete_workflows([one.workflow_id for one in found])

    @property
    def alive(self) -> bool:
        """Whether both queues are looked at, or no longer should be."""
        return self._paused or all(thread.is_alive() for thread in self._threads)

    def pause(self) -> None:
        """Take no more work; what was taken goes on."""
        self._paused = True
        for bell in self._bells.values():
            bell.set()

    def close(self) -> None:
        """Stop looking and let go. Streams must have been shut before: Python waits for their threads."""
        global _work
        self.pause()
        for thread in self._threads:
            thread.join(5.0)
        # Daemons that end by themselves; waiting for the one that sleeps made each stop four seconds long.
        self._background.clear()
        DBOS.destroy(workflow_completion_timeout_sec=0)
        if self._store is not None:
            self._store.dispose()
        _work = None

    def _listen(self, name: str, limit: int, partition_limit: int | None, own_limit: int) -> None:
        queue = DBOS.register_queue(
            name,
            global_concurrency=limit,
            worker_concurrency=min(own_limit, limit),
            partition_concurrency=None if partition_limit is None else min(partition_limit, limit),
            polling_interval_sec=POLL_SECONDS[name],
            on_conflict="always_update",
        )
        bell = self._bells[name] = Bell()
        thread = threading.Thread(
            target=queue_worker_thread, args=(bell, _get_dbos_instance(), queue), name=f"engine-{name}", daemon=True
        )
        thread.start()
        self._threads.append(thread)


def _config(settings: Settings, worker: str) -> DBOSConfig:
    config: DBOSConfig = {
        "name": "dailies",
        "application_version": APPLICATION_VERSION,
        "executor_id": worker,
        "log_level": "CRITICAL",
        "notification_listener_polling_interval_sec": 5.0,
        "scheduler_polling_interval_sec": 3600.0,
    }
    if settings.database_url and not settings.database_url.startswith("sqlite"):
        return {**config, "system_database_url": settings.database_url}
    file = settings.home / "engine.db"
    return {
        **config,
        "system_database_url": f"sqlite:///{file}",
        "system_database_engine": open_engine_store(file),
    }
