"""Commands that look after what is kept: read old answers again, change the key of the stored tokens."""

from __future__ import annotations

import click

from services.settings import Settings


@click.command("rotate-key")
def rotate_key() -> None:
    """Encrypt the stored tokens with a new key. A running server may go on meanwhile.

    With DAILIES_SECRET_KEY set, that is the new key: put the one before in DAILIES_OLD_SECRET_KEY for this one run.
    """
    from services.key_rotation import rotate
    from services.runtime import open_database
    from services.secrets import Secrets

    settings = Settings.from_environment()
    settings.home.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    try:
        rotated = rotate(database, Secrets(settings))
    finally:
        database.close()
    click.echo(f"A new key is in use; {rotated.renewed} stored tokens are encrypted with it.")
    if rotated.unreadable:
        click.echo(f"{rotated.unreadable} could not be read by any key: enter them again in Settings.")
