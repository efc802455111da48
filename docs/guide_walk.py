"""A walk through the pages for pictures: a server on a folder of its own, and a real browser that waits for it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "docs" / "screenshots"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@contextmanager
def server(home: Path, **more: str) -> Iterator[str]:
    """A server on a folder of its own, its demo endpoint in a hurry; `more` goes to its environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    running = subprocess.Popen(
        [sys.executable, "-m", "pages.shared.web.serve", "127.0.0.1", str(port)],
        cwd=PROJECT,
        env={**ours, "DAILIES_HOME": str(home), "DAILIES_DEMO_PACE": "0.2", **more},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


def answers(port: int) -> bool:
    """Tell whether a server answers well on this port."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


class Guide:
    """One language's walk through the pages; each scene begins where the one before has ended."""

    def __init__(self, page: Page, url: str, language: str) -> None:
        """Begin on an empty Create."""
        self.page, self.url, self.language = page, url, language

    def open(self, name: str = "") -> None:
        """Open a page and wait until it stands still."""
        self.page.goto(f"{self.url}/{name}")
        self.page.get_by_role("heading", level=1).wait_for()
        self.settle()

    def settle(self) -> None:
        """Wait until nothing runs and every picture is there."""
        self.page.wait_for_selector(IDLE)
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_selector(IDLE)
        self.page.wait_for_function("[...document.querySelectorAll('video')].every(it => it.readyState > 2)")
        self.page.wait_for_timeout(500)  # the browser's own wheel on a video turns a little longer

    def type_in(self, key: str, text: str) -> None:
        """Type into a tall box and hand it over; the prompt's is only left, for Ctrl+Enter would send there."""
        box = self.page.locator(f".st-key-{key} textarea")
        box.fill(text)
        box.press("Tab" if key == "prompt" else "Control+Enter")
        self.settle()

    def click(self, key: str) -> None:
        """Click the button of a key."""
        self.page.locator(f".st-key-{key} button").first.click()
        self.settle()

    def pictures(self) -> None:
        """Wait until the samples on the screen are there: they are drawn when they are first seen."""
        self.page.wait_for_function(
            """() => [...document.querySelectorAll('*')]
              .flatMap(it => [...(it.shadowRoot?.querySelectorAll('img') ?? [])])
              .filter(it => it.getBoundingClientRect().bottom > 0 && it.getBoundingClientRect().top < innerHeight)
              .every(it => it.complete)""",
            timeout=180_000,
        )

    def shoot(self, name: str, *, top: str = "") -> None:
        """Take the picture, with the element of a key at its top."""
        if top:
            self.page.locator(f".st-key-{top}").first.evaluate("it => it.scrollIntoView({ block: 'start' })")
        path = FOLDER / "guide" / f"{name}-{self.language}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, animations="disabled")
        print(path.relative_to(PROJECT))  # noqa: T201  # says what it made
