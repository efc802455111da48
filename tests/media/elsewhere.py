"""A download in another process: `python -m tests.media.elsewhere <url> <folder> <name> [largest file in bytes]`."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from services.errors import MediaError
from services.media.fetch import FetchPolicy, fetch

_PROJECT = Path(__file__).resolve().parents[2]


def begin(url: str, folder: Path, name: str, largest_bytes: int = 10**9) -> subprocess.Popen[str]:
    """Start it; it says `kept` or the error's code."""
    command = [sys.executable, "-m", "tests.media.elsewhere", url, str(folder), name, str(largest_bytes)]
    return subprocess.Popen(command, cwd=_PROJECT, stdout=subprocess.PIPE, text=True)


def main(url: str, folder: str, name: str, largest_bytes: str) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest_bytes), int(largest_bytes)))
    allowed = frozenset({("127.0.0.1", urlsplit(url).port or 80)})
    try:
        fetch(url, destination_folder=Path(folder), name=name, policy=FetchPolicy(allow=allowed))
    except MediaError as error:
        sys.stdout.write(error.code)
    else:
        sys.stdout.write("kept")


if __name__ == "__main__":
    main(*sys.argv[1:])
