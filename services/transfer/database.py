"""A stopped SQLite installation becomes one on Postgres: all of it in one transaction, proved before it counts.

The old file is moved aside right before the commit, so there is never a moment in which two databases hold the same
waiting prompts and both could send them. A kill in between leaves an empty Postgres and a file with another name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from db.database import Database
from db.engines import parse
from db.moving import MoveError, Proof, finish, pour, prepare, refuse_other_schema
from db.trouble import StoreTrouble
from services.backup.restore import alone_at_home, move_aside
from services.clock import utc_now
from services.errors import BackupError, HomeInUseError, TransferError
from services.media.part import sync_folder
from services.settings import Settings

_TARGET: Final = {
    "filled": "The Postgres database is not empty: {name} holds rows. Name an empty one.",
    "foreign": "The Postgres database is not empty: it has a table {name} that is not ours. Name an empty one.",
    "older": "The Postgres database has an older schema ({name}). Name an empty one.",
    "newer": "The Postgres database was made by a newer Dailies, or by something else. Name an empty one.",
    "unfit": "Postgres does not take a row of {name} that SQLite holds; please report it.",
    "differs": "The table {name} was not the same after it was copied; please report it.",
    "lost": "A prompt that is found by its words in SQLite was not found in Postgres; please report it.",
}
_SOURCE: Final = {
    "older": "This database has an older schema ({name}): start Dailies once, stop it, then copy.",
    "newer": "A newer Dailies wrote this database: copy it with that one.",
}


@dataclass(frozen=True, slots=True)
class Copied:
    """What was done: rows in all, prompts in the search index, and where the SQLite file lies now."""

    rows: int
    indexed: int
    old_database: Path


def copy(settings: Settings, tell: Callable[[Proof], object]) -> Copied:
    """Move the data folder's SQLite database to `settings.database_url`; `tell` hears of each table proved.

    Raises:
        HomeInUseError: a Dailies runs on this data folder.
        TransferError: it cannot be, `code` says why; Postgres is as it was, and so is SQLite.
    """
    url = settings.database_url
    if url is None or parse(url).get_backend_name() != "postgresql":
        raise TransferError(
            "Set DAILIES_DATABASE_URL to the Postgres to copy to, such as postgresql://user:password@host/dailies.",
            code="copy_target",
        )
    with _alone(settings) as file:
        _refuse_no_source(file)
        with closing(Database(f"sqlite:///{file}")) as source, closing(Database(url)) as target:
            _refuse_damage(source)
            return _moved(file, source, target, tell)


def _moved(file: Path, source: Database, target: Database, tell: Callable[[Proof], object]) -> Copied:
    old: Path | None = None
    try:
        with _sentences(_TARGET), target.transaction() as there:
            with source.reading() as here:
                with _sentences(_SOURCE):
                    refuse_other_schema(here)
                prepare(there)
                rows = 0
                for proof in pour(here, there):
                    tell(proof)
                    rows += proof.rows
                indexed = finish(here, there)
            source.close()  # or the WAL would be looked for under the old name
            old = move_aside(file, f"copied-{utc_now():%Y%m%dT%H%M%SZ}")
            sync_folder(file.parent)
    except TransferError as error:
        if old is not None:  # only the commit was left, and whether it was done cannot be known from here
            error.args = (f"{error}. It may have been copied all the same; the SQLite database is now {old}",)
        raise
    return Copied(rows, indexed, old or file)


@contextmanager
def _alone(settings: Settings) -> Iterator[Path]:
    try:
        with alone_at_home(replace(settings, database_url=None)) as file:
            yield file
    except HomeInUseError:
        raise
    except BackupError as error:
        raise TransferError(error.message, code="copy_source") from error


def _refuse_no_source(file: Path) -> None:
    if file.exists():
        return
    aside = sorted(file.parent.glob(f"{file.name}.copied-*Z"))
    also = f" It was copied before; its file is now {aside[-1]}." if aside else ""
    raise TransferError(f"There is no SQLite database {file}.{also}", code="copy_source")


def _refuse_damage(source: Database) -> None:
    try:
        faults = source.integrity_faults()
    except StoreTrouble as error:
        faults = [type(error).__name__]
    if faults:
        raise TransferError("The SQLite database is damaged: put a backup back first.", code="copy_source")


@contextmanager
def _sentences(words: dict[str, str]) -> Iterator[None]:
    """Turn what the store raises into one plain sentence; never the URL, which may hold a password."""
    try:
        yield
    except MoveError as error:
        code = "copy_source" if words is _SOURCE else "copy_target"
        raise TransferError(words[error.kind].format(name=error.name), code=code) from error
    except StoreTrouble as error:
        said = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0][:200]
        raise TransferError(f"A database does not do its part: {said}", code=TransferError.code) from error
