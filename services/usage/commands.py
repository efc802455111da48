"""Commands about money: compute the cost of old rows anew, only when asked for."""

from __future__ import annotations

import datetime as dt

import click

from services.settings import Settings

OWNER = "local"  # as in services/commands.py


@click.command()
@click.option("--reason", required=True, metavar="TEXT", help="Why: it is written down with what was changed.")
@click.option("--since", default=None, metavar="DAY", help="Only what was sent from this day (UTC) on: 2026-11-30.")
@click.option("--all", "everything", is_flag=True, help="Those that have a cost too, not only those without one.")
def reprice(reason: str, since: str | None, *, everything: bool) -> None:
    """Compute the cost of old rows anew by today's prices. Nothing is sent; each row keeps what it was."""
    from services.runtime import start
    from services.usage.money import from_nano
    from services.usage.repricing import Scope

    try:
        day = dt.date.fromisoformat(since) if since else None
    except ValueError:
        raise click.UsageError(f"{since} is not a day; write it as 2026-11-30.") from None
    runtime = start(Settings.from_environment(), executes=False)
    try:
        scope = Scope(since=day, only_unpriced=not everything)
        done = runtime.for_person(OWNER).prices.reprice(scope, by="command", reason=reason)
    finally:
        runtime.close()
    click.echo(f"{done.looked_at} looked at, {done.changed} changed.")
    for word, sums in (("before", done.before), ("after", done.after)):
        for currency, nano in sums.items():
            click.echo(f"{word}: {from_nano(nano).normalize():f} {currency}")
