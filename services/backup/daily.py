"""The backups of a running Dailies: made by themselves once a day, or when somebody asks; what came of it is kept.

One thread of the executing process wakes for the daily one. It rests four fifths of the time it works, so that a stream
beside it does not feel it (docs/benchmarks.md).
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db import preferences
from db.database import Database
from db.trouble import StoreTrouble, Trouble, trouble_of
from services.backup.fault import Fault
from services.backup.files import Pace
from services.backup.store import Backup, all_of, folder_of, old_databases
from services.clock import utc_now
from services.errors import BackupError
from services.settings import Settings

FIRST_SECONDS = 60.0  # a start has better things to do
RETRY_SECONDS = 1800.0
LOOK_SECONDS = 3600.0
DAY = dt.timedelta(days=1)
DAILY_SHARE = 0.2
ASKED_SHARE = 0.5
FAULTS_KEPT = 50
logger = logging.getLogger(__name__)

CHECKED, VERIFIED, FAILED = "backup.checked", "backup.verified", "backup.failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done: `work` is backup or verify, `stage` database, check, media or videos; bytes done of total."""

    work: str
    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Look:
    """One look at what is kept: when, and what was wrong."""

    at: dt.datetime
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All a page shows. `trouble` is the code of the last backup's failure, None when it worked.

    `former` are the databases that restores moved aside.
    """

    offered: bool
    folder: Path
    same_disk: bool
    backups: tuple[Backup, ...]
    former: tuple[Path, ...]
    trouble: str | None
    checked: Look | None
    verified: Look | None
    progress: Progress | None


class Backups:
    """The backups of one data folder, as a running process sees them. Safe to share between threads."""

    def __init__(self, settings: Settings, database: Database, *, first_seconds: float = FIRST_SECONDS) -> None:
        self._settings = settings
        self._database = database
        self._first_seconds = first_seconds
        self._stop = threading.Event()
        self._busy = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._unsaved_trouble: str | None = None
        self.progress: Progress | None = None

    def begin_daily(self) -> None:
        """Make backups by themselves from now on; only the process that executes does. Nothing to do on Postgres."""
        if self._database.file is not None:
            self._in_background("backup-daily", self._daily)

    def back_up_now(self) -> None:
        """Begin a backup and return at once.

        Raises:
            BackupError: one is being made (backup_busy), or the data lies in Postgres (backup_postgres).
        """
        if self._database.file is None:
            raise BackupError("Postgres is backed up with pg_dump", code="backup_postgres")
        self._begin("backup-asked", lambda: self._try("manual", ASKED_SHARE))

    def verify_now(self) -> None:
        """Begin to look at everything that is kept, and return at once.

        Raises:
            BackupError: a backup or another look is going on (backup_busy).
        """
        self._begin("verify", self._verify)

    def state(self) -> State:
        """Return all there is to know."""
        folder = folder_of(self._settings)
        return State(
            offered=self._database.file is not None,
            folder=folder,
            same_disk=_same_disk(folder, self._settings.home),
            backups=tuple(all_of(self._settings)),
            former=tuple(old_databases(self._settings)),
            trouble=self.trouble(),
            checked=self._look(CHECKED),
            verified=self._look(VERIFIED),
            progress=self.progress,
        )

    def trouble(self) -> str | None:
        """Return the code of why the last automatic backup failed; None when it worked."""
        return self._unsaved_trouble or self._recall(FAILED) or None

    def found_damage(self) -> bool:
        """Tell whether the last look through the database found damage."""
        checked = self._look(CHECKED)
        return self._unsaved_trouble == "database_damaged" or bool(checked and checked.faults)

    def close(self) -> None:
        """Stop whatever is being made; it is made again later."""
        self._stop.set()
        for thread in self._threads:
            thread.join(5.0)

    def _in_background(self, name: str, work: Callable[[], object]) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)  # not before it runs: a close meanwhile would join it

    def _begin(self, name: str, work: Callable[[], object]) -> None:
        if not self._busy.acquire(blocking=False):
            raise BackupError("a backup is being made", code="backup_busy")

        def run() -> None:
            try:
                work()
            finally:
                self.progress = None
                self._busy.release()

        self.progress = Progress("verify" if name == "verify" else "backup", "database", 0, 0)
        self._in_background(name, run)

    def _daily(self) -> None:
        wait = self._first_seconds
        while not self._stop.wait(wait):
            wait = self._look_after()

    def _look_after(self) -> float:
        """Do what is due; return when to look again, in seconds."""
        now = utc_now()
        ages = [now - backup.made_at for backup in all_of(self._settings) if backup.kind != "migration"]
        young = [
            age for age in ages if dt.timedelta(0) <= age < DAY
        ]  # a clock may have jumped: the future is not young
        if young:
            return min(LOOK_SECONDS, (DAY - min(young)).total_seconds() + 1)
        if not self._busy.acquire(blocking=False):
            return FIRST_SECONDS
        try:
            worked = self._try("daily", DAILY_SHARE)
            if not worked:
                self._check_anyway(now)
        finally:
            self.progress = None
            self._busy.release()
        return LOOK_SECONDS if worked else RETRY_SECONDS

    def _try(self, kind: str, share: float) -> bool:
        """Make a backup; note what came of it. Its copy was looked through, so the database was too."""
        assert self._database.file is not None  # noqa: S101  # nosec B101 - both callers looked
        try:
            from services.backup.make import make  # the first is a minute after the start

            make(self._settings, self._database.file, kind=kind, pace=self._pace("backup", share))
        except BackupError as error:
            return self._failed(error)
        except Exception:
            logger.exception("no backup could be made")
            return self._failed(BackupError("unforeseen"))
        self._unsaved_trouble = None
        self._remember(FAILED, "")
        self._note(CHECKED, [])
        return True

    def _failed(self, error: BackupError) -> bool:
        if error.code in {"backup_stopped", "backup_busy"}:
            return False
        logger.warning("no backup was made: %s: %s", error.code, error)
        self._unsaved_trouble = error.code if not self._remember(FAILED, error.code) else None
        if error.code == "database_damaged":
            self._note(CHECKED, [Fault("database_damaged", error.message)])
        return False

    def _check_anyway(self, now: dt.datetime) -> None:
        """Look through the database in its place when no copy could be made, once a day."""
        last = self._look(CHECKED)
        if self._stop.is_set() or (last is not None and dt.timedelta(0) <= now - last.at < DAY):
            return
        try:
            faults = self._database.integrity_faults()
        except StoreTrouble as error:
            if trouble_of(error) is not Trouble.DAMAGED:
                return  # locked, say: that tells nothing about what is in it
            faults = [type(error).__name__]
        self._note(CHECKED, [Fault("database_damaged", said) for said in faults])

    def _verify(self) -> None:
        from services.backup.verify import verify  # no start needs it

        found: list[Fault] = []
        try:
            found.extend(verify(self._settings, self._database, self._pace("verify", ASKED_SHARE)))
        except BackupError:
            return  # stopped: half a look says nothing
        self._note(VERIFIED, found)

    def _pace(self, work: str, share: float) -> Pace:
        def tell(stage: str, done: int, total: int) -> None:
            self.progress = Progress(work, stage, done, total)

        return Pace(share, stop=self._stop, tell=tell)

    def _note(self, name: str, faults: list[Fault]) -> None:
        kept = [[fault.kind, fault.name[:200]] for fault in faults[:FAULTS_KEPT]]
        self._remember(name, json.dumps({"at": utc_now().isoformat(), "faults": kept}, ensure_ascii=False))

    def _look(self, name: str) -> Look | None:
        said = self._recall(name)
        if not said:
            return None
        noted: dict[str, Any] = json.loads(said)
        return Look(dt.datetime.fromisoformat(noted["at"]), tuple(Fault(*fault) for fault in noted["faults"]))

    def _remember(self, name: str, value: str) -> bool:
        try:
            with self._database.transaction() as session:
                preferences.set(session, "", name, value)
        except StoreTrouble:
            return False
        return True

    def _recall(self, name: str) -> str | None:
        try:
            with self._database.reading() as session:
                return preferences.get(session, "", name)
        except StoreTrouble:
            return None


def _same_disk(folder: Path, home: Path) -> bool:
    """Tell whether a broken disk would take the backups too; a folder that is not there yet counts as its parent."""
    there = next((place for place in (folder, *folder.parents) if place.exists()), home)
    try:
        return there.stat().st_dev == home.stat().st_dev
    except OSError:
        return False
