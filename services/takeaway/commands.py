"""The commands `export` and `import`. They need no running server, and may run beside one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from services.settings import Settings

if TYPE_CHECKING:
    from services.prompts.waiting import Laid
    from services.takeaway.bringing import Brought

OWNER = "local"  # as in services/commands.py
MAX_TABLE: Final = 5_000_000
LEFT_OUT: Final = {
    "record": "{count} had not ended, or their record cannot be read.",
    "hash": "{count} left out: the video is not what its record says.",
    "video": "{count} left out: the file is no video.",
    "file": "{count} left out: the file cannot be read.",
    "large": "{count} left out: the video is larger than DAILIES_FETCH_MAX_BYTES.",
}


@click.command("export")
@click.option("--search", default="", metavar="TEXT", help="Only what a search in the Library would find.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path, search: str) -> None:
    """Write a zip of videos, what was said of them, tables, and a page that shows it all without a server."""
    from services.errors import NotFoundError
    from services.library.browsing import View
    from services.runtime import start

    runtime = start(Settings.from_environment(), executes=False)
    try:
        mine = runtime.for_person(OWNER)
        chosen = mine.selections.of_view(View(text=search))
        amount = mine.selections.amount(chosen)
        if not amount.generations:
            raise NotFoundError("nothing is found, so nothing is written")
        with tempfile.NamedTemporaryFile(dir=file.absolute().parent, prefix=f"{file.name}.", delete=False) as written:
            try:
                written.writelines(mine.takeaway.pieces(chosen))
                Path(written.name).replace(file)
            except BaseException:
                Path(written.name).unlink(missing_ok=True)
                raise
        file.chmod(0o666 & ~_umask())
    finally:
        runtime.close()
    click.echo(f"{_counted(amount.generations, 'prompt')} with {_counted(amount.videos, 'video')}: {file}")


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def import_(path: Path) -> None:
    """Bring in a zip of ours, a folder or zip of videos, or a CSV of prompts (they wait in "Several at once").

    Whatever is here already stays as it is; the same thing again changes nothing. Nothing is sent.
    """
    from services.runtime import start

    runtime = start(Settings.from_environment(), executes=False)
    try:
        mine = runtime.for_person(OWNER)
        if path.suffix.lower() in (".csv", ".tsv"):
            with path.open("rb") as table:
                click.echo(_laid(mine.waiting.lay(table.read(MAX_TABLE + 1))))
        else:
            click.echo(_brought(mine.takeaway.bring(path)))
    finally:
        runtime.close()


def _laid(laid: Laid) -> str:
    lines = [f'New in "Several at once": {_counted(laid.new, "prompt")}; there already: {laid.here}.']
    return "\n".join([*lines, f"Without room there: {laid.no_room}."] if laid.no_room else lines)


def _brought(brought: Brought) -> str:
    """Return what came of it, one fact a line."""
    lines = [f"{brought.new} brought in, with {_counted(brought.videos, 'video')}; here already: {brought.here}."]
    return "\n".join([*lines, *(LEFT_OUT[why].format(count=count) for why, count in sorted(brought.left_out.items()))])


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


COMMANDS = (export, import_)
