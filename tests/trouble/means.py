"""Ways to bring a database into trouble: no patching, only what a bad day brings."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
INDEX_LEAF = 0x0A  # the first byte of such a page (sqlite.org/fileformat2.html)
WITHOUT_POWERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]  # root, to whom rights apply again
LOCKER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
held.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
"""


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Let another process hold the write lock."""
    command = [sys.executable, "-c", LOCKER, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            other.stdin.write("\n")
            other.stdin.flush()


@contextmanager
def small_disk(place: Path, size_mb: int) -> Iterator[Path]:
    """Mount a file system of this size; skip where that is not allowed."""
    place.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=777", "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system of our own can be mounted by root on Linux only")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S607  # where it lies differs


def fill(place: Path) -> Path:
    """Write a file until not one byte more fits; return it."""
    file = place / "filler"
    with file.open("ab", buffering=0) as filler:
        for size_bytes in (1024 * 1024, 4096, 1):
            try:
                while True:
                    filler.write(b"x" * size_bytes)
            except OSError:
                continue
    return file


def run_script(script: str, *arguments: str, powerless: bool = False, seconds: float = 180.0) -> Any:
    """Run a script of ours in a process of its own and read the JSON it prints last; `powerless` also as root."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    done = subprocess.run(
        [*(WITHOUT_POWERS if powerless and not os.geteuid() else []), sys.executable, "-c", script, *arguments],
        cwd=PROJECT,
        env=ours,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def spoil_header(file: Path) -> None:
    """Overwrite the first page's beginning."""
    with file.open("r+b") as database:
        database.write(b"\0garbage" * 12)


def spoil_index_page(file: Path, key: bytes) -> None:
    """Change a key inside a page of an index: the page itself stays well-formed, so only a whole check can see it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(file.read_bytes())
    pages = range(0, len(content), page_bytes)
    of_an_index = [at for at in pages if content[at] == INDEX_LEAF and key in content[at : at + page_bytes]]
    at = content.index(key, of_an_index[0])
    content[at : at + len(key)] = key[::-1]
    file.write_bytes(content)


def copy_home(home: Path, to: Path) -> None:
    """Copy a data folder as a power cut would leave it: files as they are, WAL and all."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("*.lock", ".lock"))
