"""The whole server as `run.py start` becomes it, and a person's page of it without a browser."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.ports import free_port
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0


class Server:
    """A server process on a data folder: `python -m pages.shared.web.serve`, which is what `run.py` execs."""

    def __init__(self, home: Path, base_url: str, environment: Mapping[str, str] | None = None) -> None:
        """Prepare; `start` begins it. Nothing of the developer's own `DAILIES_*` reaches it."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
        self._environment = {
            **ours,
            "DAILIES_HOME": str(home),
            "DAILIES_BASE_URL": base_url,
            "DAILIES_UNDO_SECONDS": "0",
            "DAILIES_FREE_FLOOR_BYTES": "0",
            **(environment or {}),
        }
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None
        self.log = home.parent / f"{home.name}.log"
        self.url = ""

    def on(self, home: Path) -> Server:
        """Return another server, not begun, told the same of all but its folder."""
        return Server(home, self._environment["DAILIES_BASE_URL"])

    def begin(self) -> None:
        """Start the process and return at once."""
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pages.shared.web.serve", "127.0.0.1", str(port)],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def start(self) -> None:
        """Start the process and wait until it is well."""
        self.begin()
        wait_until(self._well, seconds=START_SECONDS)

    def _well(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the server ended by itself:\n{self.log.read_text('utf-8')[-3000:]}"
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    @property
    def lives(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @contextmanager
    def command(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command of `run.py` on the same data; it is killed at the end of the block if it still lives."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "services.commands", *words],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def kill(self) -> float:
        """Kill -9; return the moment (`time.monotonic()`) at which it was done."""
        assert self._process is not None
        moment = time.monotonic()
        self._process.kill()
        self._process.wait()
        return moment

    def terminate(self, seconds: float) -> float:
        """SIGTERM, and wait at most so many seconds for its end; return the moment it was asked."""
        assert self._process is not None
        moment = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(seconds)
        return moment

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.lives:
            self.kill()

    def type_draft(self, text: str) -> None:
        """Do what the prompt box does while someone types."""
        request = urllib.request.Request(
            f"{self.url}/api/drafts/create", data=text.encode(), method="PUT", headers={"Origin": self.url}
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            assert answer.status == 204


class CreatePage:
    """The Create page as a browser has it open, over Streamlit's own WebSocket: its draft is in the box."""

    def __init__(self, url: str) -> None:
        """Open it and wait until its script has run."""
        self._socket = connect(
            f"ws{url.removeprefix('http')}/_stcore/stream",
            origin=Origin(url),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            legacy=True,
        )
        self._ids: set[str] = set()
        self._run(BackMsg(rerun_script=ClientState(query_string="")))
        self._read_until_finished()

    def __enter__(self) -> CreatePage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.socket.close()  # the server may be dead: no farewell

    def press(self, key: str) -> None:
        """Press the button with this key; what it does goes on without us."""
        pressed = BackMsg()
        widget = pressed.rerun_script.widget_states.widgets.add()
        widget.id = next(name for name in self._ids if name.endswith(f"-{key}"))
        widget.trigger_value = True
        self._run(pressed)

    def _run(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def _read_until_finished(self) -> None:
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=120, decode=False))
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                return
            if kind == "delta" and message.delta.HasField("new_element"):
                element = message.delta.new_element
                name = element.WhichOneof("type")
                self._ids.add(str(getattr(getattr(element, name), "id", "")) if name else "")
