"""The commands `copy` and `move-media`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from services.settings import Settings

if TYPE_CHECKING:
    from db.moving import Proof


@click.command()
def copy() -> None:
    """Move a stopped installation from SQLite to the Postgres of DAILIES_DATABASE_URL, and prove it.

    The Postgres must be empty. Every table is read back and compared with what was given, then all of it is committed
    at once. The SQLite file is kept under another name. Videos and pictures stay where they are.
    """
    from services.transfer.database import copy as move

    done = move(Settings.from_environment(), _tell)
    click.echo(f"Copied and proved: {done.rows:,} rows; {done.indexed:,} prompts can be found by their words.")
    click.echo(f"The SQLite database is now {done.old_database}; delete it when all is well.")
    click.echo("Start Dailies with the same DAILIES_DATABASE_URL from now on.")


def _tell(proof: Proof) -> None:
    click.echo(f"{proof.table}: {proof.rows:,} rows, the same on both sides (sha256 sum {proof.digest[:16]})")


@click.command("move-media")
@click.argument("where", type=click.Choice(["store", "folder"]))
def move_media(where: str) -> None:
    """Move videos, posters and pictures into the object STORE of DAILIES_MEDIA_URL, or back into the FOLDER.

    Dailies must be stopped, on every machine. Each file is read back and compared with the hash it had when it was kept
    before it is deleted where it was. Free to repeat.
    """
    from services.backup.commands import SENTENCES
    from services.opening import open_database
    from services.transfer.media import move_media as move

    settings = Settings.from_environment()
    with closing(open_database(settings)) as database:
        done = move(
            settings,
            database,
            to_store=where == "store",
            tell=lambda fault: click.echo(SENTENCES[fault.kind].format(name=fault.name)),
        )
    there = f"; {done.there:,} were there already" if done.there else ""
    click.echo(f"Moved and proved: {done.files:,} files, {done.size_bytes / 1e6:,.1f} MB{there}.")
    if done.faults:
        raise SystemExit(1)


COMMANDS = (copy, move_media)
