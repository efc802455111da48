"""Commands that look after what is kept: read old answers again, change the key of the stored tokens."""

from __future__ import annotations

import json

import click

from services import log_guard
from services.errors import NotFoundError
from services.generations.rereading import Change
from services.settings import Settings

OWNER = "local"  # as in services/commands.py


@click.command("rotate-key")
def rotate_key() -> None:
    """Encrypt the stored tokens with a new key. A running server may go on meanwhile.

    With DAILIES_SECRET_KEY set, that is the new key: put the one before in DAILIES_OLD_SECRET_KEY for this one run. A
    secret.key in the data folder is read once more, then deleted: nothing needs it any longer.
    """
    from services.key_rotation import rotate
    from services.opening import come_in
    from services.secrets import Secrets
    from services.trouble import store_error

    settings = Settings.from_environment()
    log_guard.install(settings)
    presence, database = come_in(settings)
    try:
        rotated = rotate(database, Secrets(settings))
    except OSError as error:  # killed or refused half-way, everything stays readable
        raise store_error("home_unusable", detail=f"{error.filename or settings.home}: {error.strerror}") from error
    finally:
        database.close()
        presence.leave()
    click.echo(f"A new key is in use; {rotated.renewed} stored tokens are encrypted with it.")
    if rotated.file_gone:
        click.echo("secret.key was deleted: DAILIES_SECRET_KEY alone is the key now.")
    if rotated.unreadable:
        click.echo(f"{rotated.unreadable} could not be read by any key: enter them again in Settings.")


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every answer that is kept.")
@click.option("--apply", "apply_", is_flag=True, help="Keep what is found; without it nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def replay(ids: tuple[str, ...], *, everything: bool, apply_: bool, as_json: bool) -> None:
    """Read kept answers again with today's reader and show what would change. Nothing is ever sent.

    With --apply better readings are kept and new links are saved by the server, which looks for them by itself.
    """
    from services.runtime import start

    if bool(ids) == everything:
        raise click.UsageError("Name the generations, or say --all.")
    runtime = start(Settings.from_environment(), executes=False)
    try:
        record = runtime.for_person(OWNER).raw_record
        looked = changed = 0
        for generation_id in record.ids() if everything else ids:
            try:
                change = record.look(generation_id)
            except NotFoundError as error:
                if everything:
                    continue
                raise NotFoundError(f"{generation_id}: {error}") from error
            looked += 1
            if change.is_empty:
                continue
            applied = apply_ and record.apply(change)
            changed += 1
            click.echo(_as_json(change, applied=applied) if as_json else _told(change))
    finally:
        runtime.close()
    if not as_json:
        done = "changed" if apply_ else "would change (--apply keeps it)"
        click.echo(f"{looked} read again, {changed} {done}.")


def _as_json(change: Change, *, applied: bool) -> str:
    said = {
        "id": change.generation.id,
        "applied": applied,
        "withheld": change.withheld,
        "before": change.before,
        "after": change.after,
        "new_videos": list(change.new_videos),
    }
    return json.dumps(said, ensure_ascii=False)


def _told(change: Change) -> str:
    """Return a change for a person: one column a line, long texts by their length."""
    lines = [f"{change.generation.id}: {' '.join(change.generation.prompt.split())[:60]}"]
    if change.withheld:
        lines.append("  left alone: read again it would show something that was redacted")
    lines += [f"  {name}: {_short(change.before[name])} -> {_short(now)}" for name, now in change.after.items()]
    lines += [f"  new video: {url}" for url in change.new_videos]
    return "\n".join(lines)


def _short(value: object) -> str:
    if isinstance(value, (list, tuple, dict)):
        return f"{len(value)} entries"
    text = str(value)
    return text if len(text) <= 40 else f"{len(text)} characters"
