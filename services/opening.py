"""Coming into a data folder: its presence lock, its database at today's schema, and why that cannot be."""

from __future__ import annotations

from pathlib import Path

from db.database import Database, LostDatabaseError, NewerSchemaError, sqlite_file
from services.errors import BackupError, SchemaError, StoreError
from services.presence import Presence
from services.settings import Settings
from services.trouble import sentence, store_error, told


def come_in(settings: Settings) -> tuple[Presence, Database]:
    """Open the data folder and its database, made or migrated where that is due.

    Raises:
        SchemaError: the database was written by a newer Dailies.
        StoreError: folder or database cannot be used; `code` says why, `detail` which file or version.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        presence = Presence(settings.home)
    except OSError as error:
        raise store_error("home_unusable", detail=f"{settings.home}: {error.strerror}") from error
    try:
        return presence, open_database(settings)
    except BaseException:  # a backup can be put back only while nobody is here, so not even who failed to start
        presence.leave()
        raise


def open_database(settings: Settings) -> Database:
    """Open the store these settings name, brought to today's schema; otherwise as `come_in`."""
    file = sqlite_file(settings.store_url)
    _refuse_beside_a_backup(settings, file)
    try:
        with told():
            database = Database(settings.store_url)
            database.upgrade(before=lambda filled, _: _backed_up(settings, filled))
    except BackupError as error:  # no migration without one
        code = "store_damaged" if error.code == "database_damaged" else error.code
        raise StoreError(error.message, code=code, detail=str(settings.home)) from error
    except NewerSchemaError as error:
        raise SchemaError(sentence(SchemaError.code), detail=f"{settings.home}: {error}") from error
    except LostDatabaseError as error:
        raise store_error("store_lost", detail=str(error)) from error
    except StoreError as error:
        error.detail = str(file) if file else ""  # any other address may hold a password
        raise
    return database


def _refuse_beside_a_backup(settings: Settings, file: Path | None) -> None:
    """Where there is a backup there was a database: an empty place beside it is no new installation."""
    from services.backup.store import newest

    if file is not None and (not file.exists() or not file.stat().st_size) and newest(settings) is not None:
        raise store_error("store_lost", detail=str(file))


def _backed_up(settings: Settings, file: Path) -> None:
    from services.backup.make import make

    make(settings, file, kind="migration")
