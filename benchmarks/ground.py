"""The ground the benchmarks stand on: processes on loopback, what they use, the browser, the table."""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROJECT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

# A Streamlit app as its manual writes one: the prompt box and st.write_stream.
PLAIN_APP = """
import json, sys
import requests, streamlit as st

def pieces(prompt):
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": prompt}]}
    with requests.post(sys.argv[1] + "/v1/chat/completions", json=body, stream=True) as answer:
        for line in answer.iter_lines():
            if line.startswith(b"data: {"):
                yield json.loads(line[6:])["choices"][0]["delta"]["content"]

prompt = st.text_area("Prompt")
if st.button("Generate"):
    st.write_stream(pieces(prompt))
"""
BARE_APP = """
import streamlit as st

st.text_area("Prompt")
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running process and where it listens."""

    pid: int
    url: str


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def reachable(url: str) -> bool:
    """Tell whether the address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until(condition: Callable[[], object], seconds: float) -> None:
    """Wait for a condition; assert that it came."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not within its time"
        time.sleep(0.02)


@contextmanager
def process(
    command: Sequence[str], url: str, ready: str, environment: dict[str, str], folder: Path = PROJECT
) -> Iterator[Server]:
    """Run a server until the block ends; nothing of `DAILIES_*` comes from outside.

    Plain apps run in a folder of their own: below ours Streamlit would take our settings for theirs.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    running = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=ours | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if ready:
            wait_until(lambda: reachable(url + ready), 30)
        yield Server(running.pid, url)
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def endpoint(film: Path | None = None) -> Iterator[str]:
    """Run the endpoint; yield its base URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with process(["-m", "benchmarks.endpoint", str(port), str(film or "")], url, "/streams", {}):
        yield url


def streams(base_url: str) -> dict[str, dict[str, Any]]:
    """Return what became of every stream of the endpoint, by prompt."""
    with urllib.request.urlopen(f"{base_url}/streams", timeout=10) as answer:
        found: dict[str, dict[str, Any]] = json.load(answer)
    return found


def closed(base_url: str, prompts: Sequence[str]) -> bool:
    """Tell whether the endpoint is done with all of these prompts."""
    told = streams(base_url)
    return all(told.get(prompt, {}).get("closed") for prompt in prompts)


@contextmanager
def dailies(home: Path, base_url: str | None, *, ready: bool = True) -> Iterator[Server]:
    """Run the product's server on a data folder."""
    port = free_port()
    environment = {"DAILIES_HOME": str(home), "DAILIES_UNDO_SECONDS": "0", "DAILIES_PERSON_CONCURRENCY": "200"}
    if base_url:
        environment["DAILIES_BASE_URL"] = base_url
    url = f"http://127.0.0.1:{port}"
    command = ["-m", "pages.shared.web.serve", "127.0.0.1", str(port)]
    with process(command, url, "/healthz" if ready else "", environment) as server:
        yield server


@contextmanager
def streamlit(source: str, *arguments: str, ready: bool = True) -> Iterator[Server]:
    """Run a plain Streamlit app with Streamlit's own command and settings."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as name:
        app = Path(name, "plain.py")
        app.write_text(source)
        fixed = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
        command = ["-m", "streamlit", "run", str(app), *fixed, "--browser.gatherUsageStats", "false"]
        command += ["--", *arguments]
        with process(command, url, "/_stcore/health" if ready else "", {}, folder=Path(name)) as server:
            yield server


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the system's browser."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "no Chromium on this machine"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def page(browser: Browser, url: str, script: str = "") -> Iterator[Page]:
    """Open an address in a fresh profile, with a script of ours in it before any of the page's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    try:
        opened = context.new_page()
        if script:
            opened.add_init_script(script)
        opened.goto(url)
        yield opened
    finally:
        context.close()


def tree(pid: int) -> list[int]:
    """Return a process and its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += tree(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """Return the processor time, user and system, that a process and its children have used."""
    ticks = 0
    for one in tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # utime, stime and those of children that were waited for
    return ticks / TICKS


def rss_mb(pid: int) -> float:
    """Return the resident memory of a process and its children."""
    return sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in tree(pid)) * PAGE_BYTES / 1e6


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value that `part` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


class Table:
    """Rows of a name, what was found and the goal."""

    def __init__(self, title: str, *columns: str) -> None:
        self._columns = ["", *columns, "goal", ""]
        self._rows: list[list[str]] = []
        self._title = title

    def row(self, name: str, *cells: str, goal: str = "", met: bool | None = None) -> None:
        """Add one row; `met` says whether the goal is."""
        self._rows.append([name, *cells, goal, "" if met is None else "met" if met else "MISSED"])

    def show(self) -> None:
        """Print it, with the machine it was measured on."""
        rows = [self._columns, *self._rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self._columns))]
        print(f"{self._title}\n{machine()}")
        for row in rows:
            cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
            print("  ".join([row[0].ljust(widths[0]), *cells]).rstrip())
        print(flush=True)


def machine() -> str:
    """Return when and where, and what else was going on."""
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    day = time.strftime("%Y-%m-%d %H:%M")
    return f"{day}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load {load}"
