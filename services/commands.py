"""The command line behind run.py: the same services and the same database as the pages, without a browser.

Exit codes: 0 done, 1 ended otherwise (or could not be done), 2 wrongly used.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from db.records import Generation, Video
from db.states import State
from services.backup.commands import COMMANDS as BACKUP_COMMANDS
from services.errors import DailiesError, EndpointSettingsError, ImportRefusedError, NotFoundError, PromptError
from services.generations.report import as_report, maybe_charged
from services.settings import Settings
from services.takeaway.commands import COMMANDS as TAKEAWAY_COMMANDS
from services.transfer.commands import COMMANDS as TRANSFER_COMMANDS
from services.upkeep import replay, rotate_key
from services.usage.commands import reprice
from services.usage.recount import recount

if TYPE_CHECKING:
    from services.media.far import Far
    from services.runtime import Runtime

OWNER = "local"  # a single-person installation has one owner; the command line is that person's
PAGE = 100  # rows read from the library at a time
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Dailies from the command line."""


@commands.command()
@click.argument("prompt")
@click.option("--model", help="The model to ask; default: the endpoint's own.")
@click.option("--base-url", help="The endpoint to ask, with or without /v1; default: the one chosen in Settings.")
@click.option("--token-env", metavar="VAR", help="The environment variable that holds the token for --base-url.")
@click.option("--no-wait", is_flag=True, help="Leave it to a running server or worker.")
@json_option
def submit(
    prompt: str, model: str | None, base_url: str | None, token_env: str | None, *, no_wait: bool, as_json: bool
) -> None:
    """Send PROMPT and wait for the answer and its videos."""
    settings = _settings(base_url, token_env)
    with _running(settings) as runtime:
        generations = runtime.for_person(OWNER).generations
        generation = generations.submit(
            prompt,
            nonce=secrets.token_urlsafe(16),
            endpoint_id=_endpoint_id(runtime, settings, token_env, keep=no_wait) if base_url else None,
            model=model,
            worker=None if no_wait else runtime.worker,
        )
        if not no_wait:
            from services.jobs.here import execute_here

            execute_here(runtime, generation.id)
            generation = generations.get(generation.id)
        _show(runtime, generation, as_json=as_json)
    if not no_wait and generation.state is not State.DONE:
        raise SystemExit(1)


@commands.command()
@click.argument("generation_id", metavar="ID")
@json_option
def show(generation_id: str, *, as_json: bool) -> None:
    """Show one generation as it is stored."""
    with _running(Settings.from_environment()) as runtime:
        _show(runtime, runtime.for_person(OWNER).generations.get(generation_id), as_json=as_json)


@commands.command("list")
@click.option("--state", type=click.Choice([str(state) for state in State]), help="Only those in this state.")
@click.option(
    "--search", default="", metavar="TEXT", help="Only what a search in the Library would find: words, filters."
)
@json_option
def list_(state: str | None, search: str, *, as_json: bool) -> None:
    """List what is kept, newest first."""
    found = False
    with _running(Settings.from_environment()) as runtime:
        for generation in _everything(runtime, search):
            if state is None or generation.state == state:
                found = True
                _show(runtime, generation, as_json=as_json, short=True)
    if not found and not as_json:  # a silent command leaves one wondering; standard output stays empty for scripts
        click.echo("Nothing like that is kept." if search or state else "Nothing is kept yet.", err=True)


@commands.command()
@click.option("--port", type=int, help="Also answer /healthz, /readyz and /metrics on this port; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address that port is opened on.")
def worker(port: int | None, host: str) -> None:
    """Run queued work without serving pages, until SIGTERM or Ctrl+C."""
    from services.runtime import start

    asked_to_stop, hurry = threading.Event(), threading.Event()

    def stop(*_: object) -> None:
        (hurry if asked_to_stop.is_set() else asked_to_stop).set()  # a second time: without waiting for streams

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    runtime = start(Settings.from_environment())
    try:
        at = "" if port is None else f" Figures: http://{host}:{_answer(runtime, host, port)}/metrics"
        click.echo(f"Working. Stop with Ctrl+C.{at}")
        asked_to_stop.wait()
    finally:
        runtime.close(hurry)


def _answer(runtime: Runtime, host: str, port: int) -> int:
    from services.seen.worker_port import WorkerPort

    try:
        return WorkerPort(runtime, host, port).port
    except OSError:
        raise click.ClickException(f"Port {port} is in use; choose another with --port.") from None


@commands.command()
@click.option("--port", default=8011, show_default=True, help="Port to listen on; 0 takes a free one.")
def demo(port: int) -> None:
    """Run the demo endpoint by itself, on this machine only."""
    from services.demo.server import serve

    def ready(base_url: str) -> None:
        click.echo(f"The demo endpoint is ready: {base_url} (Ctrl+C stops it)")  # click flushes, also into a file

    try:
        serve("127.0.0.1", port, ready=ready)
    except OSError:
        raise click.ClickException(f"Port {port} is in use; choose another with --port.") from None


for command in (*BACKUP_COMMANDS, *TAKEAWAY_COMMANDS, *TRANSFER_COMMANDS, replay, rotate_key, recount, reprice):
    commands.add_command(command)


def _settings(base_url: str | None, token_env: str | None) -> Settings:
    """Return the environment's settings with the command's own on top; no undo time, nobody is there to undo.

    A token belongs to its endpoint: another base URL never gets the environment's token.
    """
    settings = replace(Settings.from_environment(), undo_seconds=0.0)
    if base_url is not None:
        settings = replace(settings, base_url=_checked(base_url), token=None)
    if token_env is not None:
        token = os.environ.get(token_env, "").strip()
        if not token:
            raise click.UsageError(f"The environment variable {token_env} is not set.")
        settings = replace(settings, token=token)
    return settings


def _checked(base_url: str) -> str:
    """Return the base URL in its one form; a wrong one is told before anything is opened or stored."""
    from services.endpoint.urls import normalise_base_url

    try:
        return normalise_base_url(base_url)
    except EndpointSettingsError as error:
        raise EndpointSettingsError(
            f"{base_url[:80]!r} is not the address of an endpoint; one looks like https://api.example.com.",
            code=error.code,
        ) from error


def _endpoint_id(runtime: Runtime, settings: Settings, token_env: str | None, *, keep: bool) -> str:
    """Return the endpoint to ask; a running server can only use one that is kept, its token encrypted."""
    from services.endpoint.profiles import ENVIRONMENT
    from services.endpoint.urls import normalise_base_url

    if not keep:
        return ENVIRONMENT
    endpoints = runtime.for_person(OWNER).endpoints
    base_url = normalise_base_url(settings.base_url or "")
    known = next((view for view in endpoints.list() if view.base_url == base_url and not view.from_environment), None)
    if known is not None and token_env is None:
        return known.id
    kept = endpoints.save(
        known.id if known else None,
        name=base_url,
        base_url=base_url,
        token=settings.token,
        model=settings.model or "sora-2",
    )
    return kept.id


@contextmanager
def _running(settings: Settings) -> Iterator[Runtime]:
    """Run the parts a command needs: it executes no queued work, only what it is told to."""
    from services.runtime import start

    runtime = start(settings, executes=False)
    try:
        yield runtime
    finally:
        runtime.close()


def _everything(runtime: Runtime, search: str) -> Iterator[Generation]:
    library = runtime.for_person(OWNER).library
    before_seq = None
    while True:
        page = library.page(text=search, before_seq=before_seq, limit=PAGE)
        yield from page.items
        if page.next_seq is None:
            return
        before_seq = page.next_seq


def _show(runtime: Runtime, generation: Generation, *, as_json: bool, short: bool = False) -> None:
    def path_of(video: Video) -> Path | Far | None:
        found = runtime.video_file(OWNER, video.id)
        return None if found is None else found[0]

    report = as_report(generation, path_of)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    elif short:
        click.echo(f"{report['id']}  {report['state']:<10}  {' '.join(report['prompt'].split())[:80]}")
    else:
        click.echo(_in_words(report, _money(generation)))


def _in_words(report: dict[str, Any], money: str) -> str:
    """Return a report for a person: one fact a line."""
    lines = [f"{report['id']}: {report['state']}" + (f" ({report['outcome']})" if report["outcome"] else "")]
    lines += [f"saved: {video['path']}" for video in report["videos"] if video["path"]]
    lines += [f"not saved: {video['source_url']}" for video in report["videos"] if not video["path"]]
    if report["error"]:
        lines.append(f"{report['error']['code']}: {report['error']['message']}".removesuffix(": "))
    lines += [money] if money else []
    if report["content"]:
        lines.append(report["content"])
    return "\n".join(lines)


def _money(generation: Generation) -> str:
    """Return what a prompt that failed may have cost; nothing while it goes on or when it went well."""
    charged = maybe_charged(generation)
    if charged is None or generation.state is State.DONE:
        return ""
    if generation.demo:
        return "The demo endpoint answered: this cost nothing."
    if generation.charged is not None:
        return f"You noted that this was {'' if generation.charged else 'not '}charged."
    if not charged:
        return "Nothing was charged: no work was started."
    return "This may have been charged. Look at your provider's bill before you send it again."


def main() -> NoReturn:
    """Run the command line; every error of ours is one line on standard error."""
    try:
        commands(prog_name="run.py")
    except (PromptError, EndpointSettingsError, ImportRefusedError, NotFoundError, ValueError) as error:
        _fail(error, 2)
    except DailiesError as error:
        _fail(error, 1)
    raise SystemExit(0)


def _fail(error: Exception, exit_code: int) -> NoReturn:
    code = getattr(error, "code", "settings")
    click.echo(f"{code}: {error}" if str(error) else str(code), err=True)
    raise SystemExit(exit_code)


if __name__ == "__main__":
    main()
