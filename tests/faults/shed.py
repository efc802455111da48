"""The application in processes of its own, which a test may kill: a worker or a server on a folder beside the house."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from db.states import ENDED
from services.generations import Generation
from services.runtime import ForPerson, Runtime, start
from services.settings import Settings
from tests.fault_server import FaultServer
from tests.faults.canary import TOKEN, hits_in_folder
from tests.faults.house import House
from tests.faults.results import FIGURES
from tests.pages.browsing import answers
from tests.ports import free_port
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
WORKER = ("services.commands", "worker")


@dataclass(frozen=True, slots=True)
class Shed:
    """A data folder, the endpoint it sends to, and a view of it from this process that executes nothing."""

    home: Path
    server: FaultServer
    stack: ExitStack
    limits: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of every process of this folder."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
        given = {
            "DAILIES_HOME": str(self.home),
            "DAILIES_BASE_URL": self.server.base_url,
            "DAILIES_TOKEN": TOKEN,
            "DAILIES_UNDO_SECONDS": "0",
            "DAILIES_FREE_FLOOR_BYTES": "0",
        }
        return {**ours, **given, **self.limits}

    @property
    def log(self) -> Path:
        """Return where all processes of this folder write what they have to say."""
        return self.home.parent / f"{self.home.name}.log"

    def look(self) -> Runtime:
        """Open the folder here, executing nothing."""
        runtime = start(Settings.from_environment(self.environment), executes=False)
        self.stack.callback(runtime.close)
        return runtime

    def me(self) -> ForPerson:
        """Return the one person of this folder."""
        return self.look().for_person("local")

    def begin(self, *words: str, module: str = "", code: str = "") -> subprocess.Popen[bytes]:
        """Start a process of ours; it is killed at the end of the test if it still lives."""
        command = [sys.executable, "-c", code] if code else [sys.executable, "-m", module, *words]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log)
        self.stack.callback(ended, process)
        return process

    def worker(self, module: str = WORKER[0]) -> subprocess.Popen[bytes]:
        """Start a process that works on what is queued."""
        return self.begin(WORKER[1], module=module)

    def serve(self) -> tuple[subprocess.Popen[bytes], str]:
        """Start a server and wait until it is well; return it and its address."""
        process, url = self.serve_soon()
        wait_until(lambda: process.poll() is not None or answers(f"{url}/healthz"), seconds=120)
        assert process.poll() is None
        return process, url

    def serve_soon(self) -> tuple[subprocess.Popen[bytes], str]:
        """Start a server."""
        port = free_port()
        return self.begin("127.0.0.1", str(port), module="pages.shared.web.serve"), f"http://127.0.0.1:{port}"


def ended(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, if it lives, and wait for it."""
    process.kill()
    process.wait()


def killed(process: subprocess.Popen[bytes]) -> None:
    """Kill -9, as a crash does."""
    process.send_signal(signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL


def settled(me: ForPerson, generation: Generation, seconds: float = 60.0) -> Generation:
    """Wait until it has ended."""
    wait_until(lambda: me.generations.get(generation.id).state in ENDED, seconds=seconds)
    return me.generations.get(generation.id)


def in_house(house: House, me: ForPerson) -> House:
    """Return a house whose person is that of a shed: its `result` looks there."""
    return replace(house, me=me)


@contextmanager
def shed(folder: Path, server: FaultServer, **limits: str) -> Iterator[Shed]:
    """Make a folder; at the end its files and its log must not hold the token."""
    with ExitStack() as stack:
        one = Shed(folder / "home", server, stack, {f"DAILIES_{name.upper()}": value for name, value in limits.items()})
        yield one
    found = hits_in_folder(folder)
    FIGURES["canary_hits_in_sheds"] = FIGURES.get("canary_hits_in_sheds", 0) + found
    assert found == 0
