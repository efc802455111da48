"""The one command: `python3 run.py` sets Dailies up, in `.venv` beside this file, and starts it.

Any Python older than 3.11 gets one sentence: nothing below may use newer syntax before `main` looked at the version.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

TYPE_CHECKING = False  # not imported from typing: that costs 10 ms at every start
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROJECT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("DAILIES_VENV") or PROJECT / ".venv")
RUNTIME = ("requirements.txt",)
TEAM = ("requirements.txt", "requirements-team.txt")
DEVELOPMENT = ("requirements.txt", "requirements-team.txt", "requirements-dev.txt")
AUDIT = ("requirements.txt", "requirements-audit.txt")
OLDEST = (3, 11)

MODULES = {"check": (DEVELOPMENT, "tests.checks"), "test": (DEVELOPMENT, "tests"), "audit": (AUDIT, "tests.audit")}

COMMANDS = (
    ("start [--host HOST] [--port PORT]", "start Dailies (the default; 127.0.0.1:8501; port 0 takes a free one)"),
    ('submit "PROMPT" [--json] [...]', "send one prompt from the command line"),
    ("show ID [--json]", "show one generation"),
    ("list [--state S] [--search TEXT]", "list what is kept"),
    ("export [--search TEXT] FILE", "take away a zip of videos, what was said of them, and a page to look at them"),
    ("import FILE|FOLDER", "bring in such a zip, videos with what lies beside them, or a CSV of prompts"),
    ("worker", "run queued work without serving pages"),
    ("backup [--to DIR]", "back up database, videos and posters, also while Dailies runs"),
    ("backups", "list the backups"),
    ("restore [BACKUP] [--yes]", "put a backup back (the newest); Dailies must be stopped"),
    ("verify", "check backups, database and videos by their hashes"),
    ("copy", "move a SQLite installation to the Postgres of DAILIES_DATABASE_URL; Dailies must be stopped"),
    ("move-media store|folder", "move videos and pictures into the object store of DAILIES_MEDIA_URL, or back"),
    ("demo", "run the demo endpoint by itself"),
    ("replay [ID ...] [--all] [--apply]", "read kept answers again, with today's reader"),
    ("recount", "count the usage totals anew; Dailies must be stopped"),
    ("rotate-key", "encrypt the stored tokens with a new key"),
    ("check [--fix]", "format, lint, types, import contracts, security; --fix repairs what can be repaired first"),
    ("check --report [--crash N]", "run all tests, kill the server N times (100), write docs/reliability.md"),
    ("test [PYTEST ARGUMENTS]", "run the tests"),
    ("audit", "look the pinned packages up in a list of known holes (network)"),
)


class Stop(Exception):  # noqa: N818 - it is no error of the program
    """Ends the command: one sentence for a person, and the exit code (1 could not, 2 wrongly used)."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def check_python(version: Sequence[int]) -> None:
    """Refuse a Python older than 3.11."""
    if tuple(version[:2]) < OLDEST:
        raise Stop(f"Python 3.11 or newer is needed; this is Python {'.'.join(map(str, version[:3]))}.", 2)


def check_venv() -> None:
    """Refuse a Python that cannot make virtual environments (Debian splits that off)."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Stop(
            "This Python cannot make virtual environments; on Debian: sudo apt install python3-venv", 2
        ) from None


def venv_python() -> Path:
    """Return where the virtual environment's interpreter is, or will be."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(files: Sequence[str]) -> str:
    """Return what the stamp says when `files` are installed: their bytes, and the interpreter they are for."""
    import hashlib

    parts = [os.path.realpath(venv_python()).encode(), *(PROJECT.joinpath(name).read_bytes() for name in files)]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def is_ready(files: Sequence[str]) -> bool:
    """Tell whether exactly these requirements were installed to the end."""
    with contextlib.suppress(OSError):
        return venv_python().exists() and stamp(files).read_text() == fingerprint(files)
    return False


def stamp(files: Sequence[str]) -> Path:
    """Return the file that is written last, when an install is whole."""
    return VENV / f".{Path(files[-1]).stem}.installed"


def set_up(files: Sequence[str]) -> None:
    """Make the virtual environment hold `files`, quick when it does; two at once wait; what broke off begins afresh."""
    if is_ready(files):
        return
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with only_one(VENV.with_name(VENV.name + ".lock")):
        if not is_ready(files):
            install(files)


def install(files: Sequence[str]) -> None:
    """Install `files` into the virtual environment and stamp it (see `set_up`)."""
    import shutil

    unfinished = VENV / ".unfinished"
    uv = shutil.which("uv")
    pip = any(VENV.glob("[Ll]ib/**/site-packages/pip"))  # an environment that was made for uv has none
    if unfinished.exists() or not venv_python().exists() or not (uv or pip):
        make_venv()
    unfinished.touch()
    print(f"Installing the packages of {files[-1]} into {VENV} (once; about a minute) ...", file=sys.stderr, flush=True)
    wanted = [word for name in files for word in ("-r", str(PROJECT / name))]
    ours = str(venv_python())
    by_pip = [ours, "-m", "pip", "install", "--disable-pip-version-check"]
    run_installer([*([uv, "pip", "install", "--python", ours] if uv else by_pip), "--quiet", *wanted])
    for count in range(1, len(files) + 1):  # who has everything for tests has everything to run
        stamp(files[:count]).write_text(fingerprint(files[:count]))
    unfinished.unlink()


def make_venv() -> None:
    """Make the virtual environment afresh, whatever was there."""
    check_venv()
    made = [sys.executable, "-m", "venv", "--clear", str(VENV.absolute())]
    run_installer(made, f"The virtual environment {VENV} could not be made")


def run_installer(command: list[str], failure: str = "The packages could not be installed") -> None:
    """Run venv, pip or uv and turn a failure into one sentence."""
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    output = done.stdout + done.stderr
    # pip says "from versions: none" when no index answered: a pinned package that exists always has versions.
    signs = "connection|connect error|sending request|name resolution|dns error|timed out|proxy|from versions: none"
    if any(sign in output.lower() for sign in signs.split("|")):
        raise Stop("The packages could not be fetched: no package index answered. Check the network and try again.")
    raise Stop(f"{failure}: {last_line(output)}")


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason was given")


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold a lock file while the block runs; a second process waits. The system frees it when its holder dies."""
    with path.open("w") as file:
        if os.name == "nt":
            lock_on_windows(file.fileno())
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print("Another run.py is installing; waiting for it ...", file=sys.stderr, flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock_on_windows(descriptor: int) -> None:
    """Wait for the lock; `locking` gives up after ten seconds, so ask again."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            with contextlib.suppress(OSError):
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return


def start(arguments: Sequence[str]) -> int:
    """Start the server; on POSIX this process becomes it, so signals and exit codes need no passing on."""
    host, port = address(arguments)
    port = free_port(host, port)
    set_up(wanted())
    return become("-m", "pages.shared.web.serve", host, str(port))


def wanted() -> Sequence[str]:
    """Return the lists of packages to run with: sign-in and an object store have libraries of their own."""
    return TEAM if (os.environ.get("DAILIES_MEDIA_URL") or "").strip() or people_sign_in() else RUNTIME


def people_sign_in() -> bool:
    """Tell whether a secrets.toml sets sign-in up."""
    import re

    given = os.environ.get("DAILIES_SECRETS")
    for file in [given] if given else [folder / ".streamlit" / "secrets.toml" for folder in (Path.home(), PROJECT)]:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            if re.search(r"^\s*\[auth[\].]", Path(file).read_text(encoding="utf-8"), re.MULTILINE):
                return True
    return False


def address(arguments: Sequence[str]) -> tuple[str, int]:
    """Read `--host` and `--port`."""
    import argparse

    parser = argparse.ArgumentParser(prog="run.py start", description="Start Dailies.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8501, help="port to listen on; 0 takes a free one")
    given = parser.parse_args(arguments)
    if not 0 <= given.port <= 65535:
        raise Stop(f"A port lies between 0 and 65535; {given.port} does not.", 2)
    return given.host, given.port


def free_port(host: str, port: int) -> int:
    """Return `port`, or a free one for 0, after making sure that nobody listens there and `host` is ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # there it would let us share a port that is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Stop(
                f"Port {port} is taken (is Dailies running already? then open http://{host}:{port}); or choose"
                f" another: python3 run.py start --port {port + 1 if port < 65535 else 8501}"
            ) from None
        raise Stop(f"Cannot listen on {host}:{port}: {error.strerror or error}.") from None


def become(*words: str) -> int:
    """Turn this process into the virtual environment's Python; where that cannot be done, wait for it."""
    os.chdir(PROJECT)
    sys.stdout.flush()
    command = [str(venv_python()), *words]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - a list of our own words, no shell
    with subprocess.Popen(command) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the console gives Ctrl+C to the child as well
                return child.wait()


def everything_there_is_to_say() -> str:
    """Return the help."""
    commands = "\n".join(f"  {usage:<34} {purpose}" for usage, purpose in COMMANDS)
    last = "Each command explains itself: python3 run.py submit --help; --version says which Dailies this is."
    return f"python3 run.py [COMMAND]\n\n{commands}\n\n{last}"


def version_of_dailies() -> str:
    """Return "Dailies" and the number in pyproject.toml, the one place it is written."""
    import tomllib

    return f"Dailies {tomllib.loads((PROJECT / 'pyproject.toml').read_text(encoding='utf-8'))['project']['version']}"


def main(arguments: Sequence[str], version: Sequence[int] = sys.version_info[:3]) -> int:
    """Run one command and return its exit code; every foreseen trouble is one sentence on standard error."""
    try:
        check_python(version)
        return run(arguments)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        return 130


def run(arguments: Sequence[str]) -> int:
    """Run one command; options without one mean `start`."""
    first = arguments[0] if arguments else "start"
    if first in ("help", "--help", "-h", "version", "--version"):
        print(version_of_dailies() if "v" in first else everything_there_is_to_say())
        return 0
    if first == "start" or first.startswith("-"):
        return start(arguments[1:] if first == "start" else arguments)
    if first in MODULES and first != "test" and {"-h", "--help"} & set(arguments[1:]):  # installs nothing first
        print("\n".join(f"python3 run.py {usage}: {why}" for usage, why in COMMANDS if usage.split()[0] == first))
        return 0
    files, module = MODULES.get(first, (wanted(), ""))
    set_up(files)
    return become("-m", module, *arguments[1:]) if module else become("-m", "services.commands", *arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
