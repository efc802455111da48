"""The commands `backup`, `restore` and `verify`. They need no running server; `restore` wants it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from services.errors import BackupError
from services.settings import Settings

if TYPE_CHECKING:
    from services.backup.fault import Fault
    from services.backup.restore import Restored
    from services.backup.store import Backup

SENTENCES = {
    "backup_unreadable": "The backup {name} cannot be read.",
    "backup_changed": "The database in the backup {name} is not what it was.",
    "backup_broken": "The database in the backup {name} is damaged.",
    "copy_missing": "{name} is missing from the backups.",
    "copy_changed": "{name} in the backups is not what it was.",
    "database_unusable": "The database cannot be used: {name}.",
    "database_damaged": "The database is damaged: {name}.",
    "video_missing": "The video {name} is missing.",
    "video_changed": "The video {name} is not what it was.",
    "picture_missing": "The picture {name} is missing.",
    "media_away": "The object store did not answer for {name}.",
    "picture_changed": "The picture {name} is not what it was.",
}
_ANOTHER_HELPS = frozenset({"backup_damaged", "backup_newer"})


@click.command()
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Another folder than DAILIES_BACKUP_DIR.")
def backup(to: Path | None) -> None:
    """Back up the database, videos and posters, also while Dailies runs.

    The token key (secret.key) is left out: keep it apart, or enter the tokens again after a restore.
    """
    from db.database import sqlite_file
    from services.backup.make import make

    settings = Settings.from_environment()
    file = sqlite_file(settings.store_url)
    if file is None:
        raise BackupError("the data lies in Postgres: back it up with pg_dump (docs/backup.md)", code="backup_postgres")
    made = make(settings, file, to=to.resolve() if to else None)
    click.echo(f"Backed up: {_in_words(made)}")
    click.echo(str(made.folder))


@click.command()
@click.argument("name", metavar="[BACKUP]", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(name: str | None, *, yes: bool) -> None:
    """Put a BACKUP back: its name, its folder, or a folder of backups; default: the newest.

    Dailies must be stopped. The present database is moved aside, nothing is deleted, and nothing is sent again.
    """
    from services.backup.restore import alone_at_home
    from services.backup.restore import restore as put_back
    from services.backup.store import find

    settings = Settings.from_environment()
    with alone_at_home(settings):
        pass  # say at once that it runs, not after the question
    with _others_named():
        chosen = find(settings, name)
        click.echo(f"Backup {_in_words(chosen)}")
        if not yes:
            click.confirm(f"Put it back into {settings.home}? The present database is moved aside.", abort=True)
        click.echo(_told(put_back(settings, chosen)))


@contextmanager
def _others_named() -> Iterator[None]:
    """Add the next step to what is wrong with the one backup that was chosen."""
    try:
        yield
    except BackupError as error:
        if error.code not in _ANOTHER_HELPS:
            raise
        step = "Nothing was changed. Name another one; python3 run.py backups lists them"
        raise BackupError(f"{error.message}. {step}.", code=error.code) from error


@click.command()
def verify() -> None:
    """Check every backup, the database and every video by its hash; one line for each fault."""
    from db.database import Database
    from services.backup.verify import verify as look

    settings = Settings.from_environment()
    database = Database(settings.store_url) if _is_there(settings) else None
    try:
        count = 0
        for fault in look(settings, database):
            click.echo(_sentence(fault))
            count += 1
    finally:
        if database is not None:
            database.close()
    if count:
        raise SystemExit(1)
    click.echo("All is well.")


@click.command()
def backups() -> None:
    """List the backups, newest first; those that cannot be put back too."""
    from services.backup.store import all_in, folder_of, places

    folder = folder_of(Settings.from_environment())
    whole = all_in(folder)
    for one in whole:
        click.echo(_in_words(one))
    broken = {place.name for place in places(folder)} - {one.name for one in whole}
    for name in sorted(broken, reverse=True):
        click.echo(f"{name}: cannot be put back; python3 run.py verify says what is wrong.")
    if not whole:
        click.echo(f"There is no backup in {folder} that can be put back; python3 run.py backup makes one.")


def _is_there(settings: Settings) -> bool:
    """Tell whether there is a database to open: opening would make an empty one."""
    from db.database import sqlite_file

    file = sqlite_file(settings.store_url)
    return file is None or file.exists()


def _sentence(fault: Fault) -> str:
    return SENTENCES[fault.kind].format(name=fault.name)


def _in_words(backup: Backup) -> str:
    """Return what a backup is, in one line."""
    size = f"{backup.size_bytes / 1e6:,.1f} MB"
    return (
        f"{backup.name}: {backup.made_at:%Y-%m-%d %H:%M} UTC, {backup.kind},"
        f" {backup.generations} prompts, {backup.media_count} media files, {size}"
    )


def _told(done: Restored) -> str:
    """Return what a restore did, one fact a line."""
    lines = [f"Put back: {done.backup.name}."]
    if done.old_database is not None:
        lines.append(f"The former database is now {done.old_database}; delete it when all is well.")
    if done.files_restored:
        lines.append(f"Videos and posters copied back: {done.files_restored}.")
    if done.files_missing:
        lines.append(f"Files in neither place: {done.files_missing}; their pages offer to fetch them again.")
    if done.ended_in_flight + done.gave_up_waiting:
        count = done.ended_in_flight + done.gave_up_waiting
        lines.append(f"Prompts unfinished when it was made: {count}. Nothing was sent; the Rescue page shows them.")
    if done.tokens_to_enter:
        lines.append("Backups hold no key: enter the token again for " + ", ".join(done.tokens_to_enter) + ".")
    return "\n".join(lines)


COMMANDS = (backup, backups, restore, verify)
