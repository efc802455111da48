"""Put a backup back into a stopped data folder. Nothing is deleted but the engine's notes; nothing is sent again.

The order makes a kill at any moment harmless: files first, then the new database beside the old one, then two renames.
A kill between these leaves no database, which the next start refuses to replace by an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from db import endpoints
from db.database import Database, NewerSchemaError, sqlite_file
from db.generations import restored
from db.trouble import StoreTrouble
from services.backup import manifest as manifests
from services.backup.files import Pace, copy, sha256_of, troubles
from services.backup.manifest import Manifest, Media
from services.backup.pool import Pool
from services.backup.store import DATABASE, Backup
from services.clock import utc_now
from services.errors import BackupError, HomeInUseError
from services.jobs.recovery import bury
from services.jobs.slot import Slot
from services.media.part import sync_folder
from services.presence import Presence
from services.secrets import Secrets
from services.settings import Settings
from services.usage.freezing import freeze

WAITED = "It waited when this backup was made, and may have been sent since."
LOST_FILE = "The file is neither in the data folder nor in the backup."
ENGINE = "engine.db"
SIDES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did. `old_database` is where the former one lies now; None if there was none.

    `tokens_to_enter` names the endpoints whose token this data folder's key cannot read: backups hold no key.
    """

    backup: Backup
    old_database: Path | None
    files_restored: int
    files_missing: int
    ended_in_flight: int
    gave_up_waiting: int
    tokens_to_enter: tuple[str, ...]


def restore(settings: Settings, backup: Backup, *, pace: Pace | None = None) -> Restored:
    """Put a backup back and return what was done.

    What was in flight when it was made becomes unknown or incomplete, as after a crash. What waited becomes unknown
    too, and waits for a click: its words may have been sent after the backup was made, and nobody here can know.
    A backup of an older schema is brought up to date on the way.

    Raises:
        HomeInUseError: a Dailies runs on this data folder; nothing was touched.
        BackupError: the backup is damaged, too new, or there is no room; the database is as it was.
    """
    pace = pace or Pace()
    with alone_at_home(settings) as file, troubles():
        said = manifests.read(backup.folder)
        fresh = file.with_name(f"{file.name}.restoring")
        _forget(fresh)  # a WAL that a killed restore left would be played into the new copy
        try:
            pace.begin("database", said.database_bytes)
            copy(backup.folder / DATABASE, fresh, pace, sha256=said.database_sha256)
            pace.begin("media", said.media_bytes)
            stamp = f"before-restore-{utc_now():%Y%m%dT%H%M%SZ}"
            files = _Files(settings.home / "media", Pool(backup.folder.parent), stamp)
            lost = [media for media in said.media if not files.bring(media, pace)]
            in_flight, waiting = _settle(fresh, said, lost)
            unread = _unread_tokens(settings, fresh)
            old = _swap(settings, file, fresh, stamp)
        finally:
            _forget(fresh)
    return Restored(
        backup=backup,
        old_database=old,
        files_restored=files.restored,
        files_missing=len(lost),
        ended_in_flight=in_flight,
        gave_up_waiting=waiting,
        tokens_to_enter=unread,
    )


@contextmanager
def alone_at_home(settings: Settings) -> Iterator[Path]:
    """Hold the data folder for oneself; yield the database's file, which may not be there.

    Raises:
        HomeInUseError: a Dailies runs on it.
        BackupError: the database is not a SQLite file (backup_postgres).
    """
    file = sqlite_file(settings.store_url)
    if file is None:
        raise BackupError("Postgres is backed up with pg_dump", code="backup_postgres")
    with troubles():
        settings.home.mkdir(parents=True, exist_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        presence = Presence(settings.home, alone=True)
    slot = Slot(settings.home)
    try:
        if not slot.take():
            raise HomeInUseError("Dailies is running on this data folder: stop it first")
        try:
            yield file
        finally:
            slot.leave()
    finally:
        presence.leave()


@dataclass(slots=True)
class _Files:
    """The data folder's media while they are put back."""

    folder: Path
    pool: Pool
    stamp: str
    restored: int = 0

    def bring(self, media: Media, pace: Pace) -> bool:
        """Have one file in its place with the right bytes; what else lies there is moved aside. False if it cannot."""
        target = self.folder / media.name
        if _is_whole(target, media, pace):
            return True
        source = self.pool.path(media.sha256)
        if not _is_whole(source, media, Pace()):
            return False
        if target.exists():
            target.rename(target.with_name(f"{target.name}.{self.stamp}"))
        copy(source, target, pace, sha256=media.sha256)
        self.restored += 1
        return True


def _is_whole(path: Path, media: Media, pace: Pace) -> bool:
    try:
        return path.stat().st_size == media.size_bytes and sha256_of(path, pace) == media.sha256
    except OSError:
        return False


def _settle(fresh: Path, said: Manifest, lost: list[Media]) -> tuple[int, int]:
    """Bring the copy to today's schema and end what must not go on; return how many were in flight and waited.

    Raises:
        BackupError: a newer Dailies made it (backup_newer), or it cannot be used (backup_damaged).
    """
    database = Database(f"sqlite:///{fresh}")
    try:
        database.upgrade()
        with database.reading() as session:
            workers = restored.workers_in_flight(session)
        ended = [id for worker in workers for id in bury(database, worker)]
        with database.transaction() as session:
            waited = restored.waiting(session)
            waiting = restored.give_up_waiting(session, utc_now(), code="restored_waiting", message=WAITED)
            freeze(session, waited)
            for name in {media.id for media in lost if not media.name.endswith(".jpg")}:
                restored.lose_file(session, name, code="video_not_in_backup", message=LOST_FILE)
        return len(ended), waiting
    except NewerSchemaError as error:
        raise BackupError(f"a newer Dailies made it: {said.app_version}", code="backup_newer") from error
    except StoreTrouble as error:
        raise BackupError(f"the copy cannot be used: {type(error).__name__}", code="backup_damaged") from error
    finally:
        database.close()


def _unread_tokens(settings: Settings, fresh: Path) -> tuple[str, ...]:
    database, secrets = Database(f"sqlite:///{fresh}"), Secrets(settings)
    try:
        with database.reading() as session:
            kept = endpoints.with_tokens(session)
    finally:
        database.close()
    return tuple(one.name for one in kept if one.token_encrypted and not secrets.can_read(one.token_encrypted))


def _swap(settings: Settings, file: Path, fresh: Path, stamp: str) -> Path | None:
    """Move the old database aside, WAL and all, and the new one into its place."""
    _refuse_unclosed(fresh)
    for side in SIDES:  # what the engine still knew could only name rows that have ended now
        settings.home.joinpath(ENGINE + side).unlink(missing_ok=True)
    old = move_aside(file, stamp)
    fresh.rename(file)
    file.with_name(f"{file.name}.made").touch()
    sync_folder(file.parent)
    return old


def move_aside(file: Path, stamp: str) -> Path | None:
    """Rename a database that nobody has open, WAL and all; return where it lies now, None if there was none."""
    old = file.with_name(f"{file.name}.{stamp}")
    moved = False
    for side in SIDES:  # the WAL last: a database without it would open, and silently lack its newest rows
        with suppress(FileNotFoundError):
            file.with_name(file.name + side).rename(old.with_name(old.name + side))
            moved = True
    return old if moved else None


def _refuse_unclosed(fresh: Path) -> None:
    """SQLite folds the WAL into the file when the last connection closes; a WAL left behind must not be lost."""
    wal = fresh.with_name(f"{fresh.name}-wal")
    if wal.exists() and wal.stat().st_size:
        raise BackupError("the copy was not closed")


def _forget(fresh: Path) -> None:
    for side in (*SIDES, ".made"):
        fresh.with_name(fresh.name + side).unlink(missing_ok=True)
