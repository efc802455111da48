"""The command `recount`: the usage totals counted anew from the rows they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext

import click

from db import usage_totals
from db.database import Database, sqlite_file
from services.settings import Settings


@click.command()
def recount() -> None:
    """Count the usage totals anew from every row, and say how many were not right.

    They are kept right by the database itself, so there should be none. Dailies must be stopped; a million rows take
    some seconds.
    """
    settings = Settings.from_environment()
    with _alone(settings) as database, database.transaction() as session:
        wrong = usage_totals.recount(session)
    if wrong:
        click.echo(f"Counted anew: {wrong} totals of an hour or a day were wrong and are right now.")
    else:
        click.echo("Counted anew: every total was right.")


@contextmanager
def _alone(settings: Settings) -> Iterator[Database]:
    """Yield the database while nobody else writes; on Postgres its tables are locked for as long as it takes."""
    from services.backup.restore import alone_at_home
    from services.opening import open_database

    alone: AbstractContextManager[object] = nullcontext()
    if sqlite_file(settings.store_url) is not None:
        alone = alone_at_home(settings)
    with alone, closing(open_database(settings)) as database:
        yield database
