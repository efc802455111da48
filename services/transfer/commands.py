"""The command `copy`."""

from __future__ import annotations

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


COMMANDS = (copy,)
