"""Ways to hurt a database file and its disk, and a stream that waits half way until they are over."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from services.generations import Generation
from services.runtime import ForPerson
from tests.fault_server import Call, FaultServer
from tests.fault_server.streams import USAGE
from tests.faults.shed import settled, shed
from tests.waiting import wait_until

WORDS = "The tide turns while a paper boat drifts past the lighthouse. " * 8


class Gate:
    """A scenario that sends half of the words, waits, and sends the rest."""

    def __init__(self, words: str = WORDS) -> None:
        self.half, self.rest, self.go = words[: len(words) // 2], words[len(words) // 2 :], threading.Event()

    def __call__(self, call: Call) -> None:
        call.head()
        call.delta(self.half)
        self.go.wait(120)
        for at in range(0, len(self.rest), 500):
            call.delta(self.rest[at : at + 500])
        call.finish(usage=USAGE)


def submit(me: ForPerson, name: str) -> Generation:
    return me.generations.submit(f"{name}: a paper boat", nonce=name)


def half_arrived(me: ForPerson, generation: Generation) -> None:
    wait_until(lambda: me.generations.raw(generation.id))


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Put a small disk at a folder, where the system lets us."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this system lets us mount no small disk; db-fsize-limit shows the same")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  # the system's own


def fill(folder: Path) -> Path:
    """Write until nothing more fits; return the file that takes the room."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as handle:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while handle.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return file


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the write lock as another program would."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=60, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


class Minute(threading.Thread):
    """A stream whose database another program holds for a minute, while the other cases run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="minute")
        self._stack = ExitStack()
        self._gate = Gate()
        self.server = self._stack.enter_context(FaultServer(self._gate))
        self._made = self._stack.enter_context(shed(folder, self.server))
        self._runtime = self._made.look()  # here: no two threads of a process may bring a schema up
        self.unsaved = False
        self.told: Generation | None = None
        self.problem: BaseException | None = None

    def run(self) -> None:
        """Send, hold, let go; a failure is kept for the test that waits."""
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001  # told by the test that waits
            self.problem = error

    def _run(self) -> None:
        me = self._runtime.for_person("local")
        sent = submit(me, "minute")
        thread = threading.Thread(target=self._runtime.execute, args=(sent.id,))
        thread.start()
        half_arrived(me, sent)
        with locked(self._made.home / "dailies.db"):
            over = threading.Timer(60.0, self._gate.go.set)
            over.start()
            self._gate.go.set()
            wait_until(lambda: self._runtime.unsaved)
            self.unsaved = True
            over.join()
        thread.join(60)
        self.told = settled(me, sent)

    def close(self) -> None:
        """Wait for the end and take everything down."""
        self.join()
        self._stack.close()


def bound_by_permissions() -> list[str]:
    """Return what to put before a command so that permissions bind it, root's own process included."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv on this machine, and permissions do not bind root")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override"]
