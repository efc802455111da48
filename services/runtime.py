"""The composition root: builds the parts in order and closes them in reverse."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from db.trouble import StoreTrouble, Trouble
from services import log_guard
from services.backup.daily import Backups
from services.chores import Chores
from services.demo.marks import MARKS, asks_for_trouble
from services.endpoint.profiles import Endpoints
from services.for_person import ForPerson
from services.generations.use_cases import Generations
from services.jobs.crew import Errands
from services.jobs.doorbell import ring
from services.jobs.executor import Executor
from services.jobs.hand import Hand
from services.jobs.live import Live, LiveText
from services.jobs.recovery import bury
from services.jobs.runs import Runs
from services.jobs.slot import Slot
from services.opening import come_in
from services.people.seen_by import seen_by
from services.room import has_room
from services.secrets import Secrets
from services.settings import Settings
from services.trouble import code_of, store_error, told

if TYPE_CHECKING:
    from db.database import Database
    from services.demo.samples import Samples
    from services.demo.server import DemoServer
    from services.generations.enhancer import Desk
    from services.media.far import Far
    from services.people.people import People
    from services.people.person import Person
    from services.seen.readiness import Readiness

logger = logging.getLogger(__name__)
TRY_SLOT_SECONDS, SHUTDOWN_SECONDS = 2.0, 6.0
STANDS_BY = "Another Dailies on this data folder does the work. This one shows its pages, and goes on when it ends."

__all__ = ["ForPerson", "Generations", "Runtime", "start"]


def start(settings: Settings, *, executes: bool = True) -> Runtime:
    """Bring everything up. `executes=False` runs no queued work, only what `execute` is told to.

    Raises:
        StoreError: the database cannot be used; `code` says why, `detail` which file or version (SchemaError: newer).
    """
    log_guard.install(settings)
    return Runtime(settings, executes=executes)


class Runtime:
    """The parts of one process."""

    demo_marks: Iterable[tuple[str, str]] = MARKS
    asks_for_trouble = staticmethod(asks_for_trouble)

    def __init__(self, settings: Settings, *, executes: bool) -> None:
        self.settings = settings
        self._presence, self._database = come_in(settings)
        self._told = self._database.behind(told)
        self._secrets = Secrets(settings)
        self.backups = Backups(settings, self._database)
        self._chores = Chores(self._told, settings)
        self.live = Live(self._database)
        self._rewrites: Desk | None = None
        self._runs = Runs()
        self._errands = Errands()
        self._only_shows = self._database.dialect != "sqlite" and settings.worker_concurrency == 0
        executes = executes and not self._only_shows
        self._slot = Slot(settings.home, many=self._database.dialect != "sqlite")
        self.worker = self._slot.name if executes else f"cli-{self._slot.name}-{os.getpid()}-{token_hex(4)}"
        self._closing = threading.Event()
        self._lock = threading.RLock()
        self._demo: DemoServer | None = None
        self._demo_at = ""
        self._samples: Samples | None = None
        self._jobs: Executor | None = None
        self.stands_by = False  # another process executes on this data folder
        starter = threading.Thread(target=self._become_executor, name="engine-start", daemon=True)
        self._starter = starter if executes else None
        if executes:
            starter.start()

    def for_person(self, owner: str, person: Person | None = None) -> ForPerson:
        """Return what belongs to one person; of a team's `person` the audit is told, and a viewer changes nothing."""
        database = self._told if person is None else seen_by(person, self._told)
        return ForPerson(owner, database, self.settings, self._access(owner, database), self._hand(), self._desk)

    @cached_property
    def people(self) -> People:
        """Everybody, where people sign in."""
        from services.people.people import People

        return People(self._told, self.settings)

    def video_file(self, owner: str, video_id: str) -> tuple[Path | Far, str] | None:
        """Return a kept video's file and media type; None if there is none, or it is someone else's."""
        from services.media.kept_files import video_file

        return video_file(self._told, self.settings, owner, video_id)

    def poster_file(self, owner: str, video_id: str) -> Path | Far | None:
        """Return a kept video's poster; None if there is none, or it is someone else's."""
        from services.media.kept_files import poster_file

        return poster_file(self._told, self.settings, owner, video_id)

    def sample_file(self, name: str) -> Path | None:
        """Return what the demo endpoint makes of a look or a template, drawn on first need; None for other names."""
        from services.demo.samples import Samples
        from services.prompts.samples import sample_prompts

        with self._lock:
            self._samples = self._samples or Samples(self.settings.home / "demo" / "samples", sample_prompts())
        return self._samples.path(name)

    def watch(self, generation_id: str) -> LiveText:
        """Return the live text of a generation.

        Raises:
            NotFoundError: there is no such generation.
            StoreError: it cannot be looked up right now.
        """
        with told():
            return self.live.watch(generation_id)

    def health(self) -> bool:
        """Tell whether the database and the workers are alive."""
        try:
            self._database.ping()
        except StoreTrouble:
            return False
        if self._database.standing.trouble is not None or self.damaged:
            return False
        if self._jobs is not None:
            return self._jobs.alive
        # A second server on the same data serves pages and leaves the work to the first, or is told to.
        return self._only_shows or (self._starter is not None and self._starter.is_alive())

    def ready(self) -> Readiness:
        """Tell whether visitors should be sent here: what `health` asks, and that new work can be kept."""
        from services.seen.readiness import Readiness

        trouble = self.trouble
        return Readiness({"alive": self.health(), "saves": not trouble, "open": not self._closing.is_set()}, trouble)

    def metrics(self) -> str:
        """Return the figures for Prometheus."""
        from services.seen.report import metrics

        return metrics(self._told, self._jobs, self.settings.home, self.ready())

    @property
    def unsaved(self) -> bool:
        """Whether something that arrived is in memory only, because the store is in trouble."""
        return self._jobs is not None and self._jobs.writer.unsaved

    @property
    def damaged(self) -> bool:
        """Whether damage was met, or found by the daily look through everything."""
        return self._database.standing.damaged or self.backups.found_damage()

    @property
    def trouble(self) -> str | None:
        """The code of what keeps us from saving or sending at present (services/trouble.py); None if all is well."""
        trouble = self._database.standing.trouble
        if trouble is not None and trouble is not Trouble.DAMAGED:
            return code_of(trouble)
        if self.damaged:
            return code_of(Trouble.DAMAGED)
        return None if has_room(self.settings) else code_of(Trouble.FULL)

    def execute(self, generation_id: str) -> None:
        """Stream one generation here, and wait until its videos are kept or have failed once."""
        with self._lock:
            if self._jobs is None:
                self._jobs = Executor(self._database, self.settings, self.live, self.worker, self._access, queued=False)
            jobs = self._jobs
        jobs.run_here(generation_id)

    def close(self, hurry: threading.Event | None = None) -> None:
        """Save what is in hand and stop, within ten seconds after `drain_seconds` in which streams may end."""
        self._closing.set()
        if self._jobs is not None:
            self._jobs.drain(hurry or threading.Event())
        if self._rewrites is not None:
            self._rewrites.close()
        self._runs.close()
        self._errands.close()
        self.backups.close()
        self._chores.close()
        if self._starter is not None:
            self._starter.join(SHUTDOWN_SECONDS)
        if self._jobs is not None:
            self._jobs.close()
        self.live.stop()
        with self._lock:
            for made in (self._demo, self._samples):
                if made is not None:
                    made.stop()
        self._slot.leave()
        self._database.close()
        self._presence.leave()

    def _become_executor(self) -> None:
        """Wait for the data folder's slot, then run its work."""
        while not self._has_slot() or not self._begin():
            if self._closing.wait(TRY_SLOT_SECONDS):
                return

    def _has_slot(self) -> bool:
        """Tell whether this process executes; while another one does, say so once."""
        try:
            mine = self._jobs is None and self._slot.take()
        except OSError:  # a folder we may only read
            return False
        if mine and self.stands_by:
            logger.warning("The other one has ended: this one does the work now.")
        elif not mine and not self.stands_by:
            logger.warning(STANDS_BY)
        self.stands_by = not mine
        self.worker = self._slot.name if mine else self.worker
        return mine

    def _begin(self) -> bool:
        """Take up the folder's work; False if the store is in trouble, which may pass."""
        try:
            bury(self._database, self.worker, self.settings.home)
            self._jobs = Executor(self._database, self.settings, self.live, self.worker, self._access, queued=True)
            if self._closing.is_set():  # who closes has not waited so long
                self._jobs.close()
                return True
            self.backups.begin_daily()
            self._chores.begin()
        except (StoreTrouble, OSError) as error:
            logger.warning("the workers cannot start yet: %s", type(error).__name__)
            return False
        except Exception:
            logger.exception("the workers could not be started")
        return True

    def _check_store(self) -> None:
        """Refuse to begin anything new while what arrived before cannot be saved.

        Raises:
            StoreError: why it cannot.
        """
        trouble = self._database.standing.trouble  # without jobs no heartbeat tells when a lock is over
        if self.unsaved or (trouble is Trouble.LOCKED and self._jobs is not None):
            raise store_error(code_of(trouble or Trouble.LOCKED), unsent=True)

    def _desk(self) -> Desk:
        """Return where prompts are being rewritten, made on first need."""
        with self._lock:
            if self._rewrites is None:
                from services.generations.enhancer import Desk

                self._rewrites = Desk()
            return self._rewrites

    def _hand(self) -> Hand:
        reach = (self._wake, self._stop, self._stop_fetch, self.live.moved, self._check_store)
        return Hand(*reach, self._runs, self._errands)

    def _wake(self) -> None:
        if self._jobs is not None:
            self._jobs.wake()
        ring(self._database)

    def _stop(self, generation_id: str) -> bool:
        return self._jobs is not None and self._jobs.watchdog.stop(generation_id, "user")

    def _stop_fetch(self, video_id: str) -> bool:
        return self._jobs is not None and self._jobs.stop_fetch(video_id)

    def _access(self, owner: str, database: Database | None = None) -> Endpoints:
        return Endpoints(owner, database or self._database, self.settings, self._secrets, self._demo_url)

    def _demo_url(self) -> str:
        """Return where the demo endpoint listens, starting it on first need."""
        with self._lock:
            if not self._demo_at:
                from services.demo.server import DemoServer

                self._demo = DemoServer(self.settings.home, self.settings.demo_pace)
                self._demo_at = self._demo.start()
            return self._demo_at
