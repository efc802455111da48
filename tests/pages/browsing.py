"""A server on a folder of its own and a real browser before it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.machine import BROWSERS
from tests.ports import free_port
from tests.waiting import wait_until

_CALM: WeakSet[Page] = WeakSet()

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

    Profile = Callable[..., Page]
    """Opens a page in a browser profile of its own (the fixture `profile`)."""

PROJECT = Path(__file__).resolve().parent.parent.parent
BUSY = "[data-testid=stApp][data-test-script-state=running]"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
SAYS = """([key, word]) => {
    const field = document.querySelector(`.st-key-${key}`);
    const inputs = [...(field?.querySelectorAll('input') ?? [])];
    return field?.innerText.includes(word) || inputs.some(one => one.value.includes(word));
}"""  # several words stand in the list as texts, a single one in its input
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
"""How long a browser waits for what it is told to wait for: it costs nothing where all is well."""


@contextmanager
def system_chromium() -> Iterator[Browser]:
    """The system's browser. Under CI=true a missing one is a failure, not a skip."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE_MS))
        yield browser
        browser.close()


@contextmanager
def fresh_server(home: Path, *, port: int = 0, **more: str) -> Iterator[str]:
    """A server that nobody has visited yet, its demo endpoint in a hurry; `more` goes to its environment."""
    port = port or free_port()
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    environment = {**ours, "DAILIES_HOME": str(home), "DAILIES_DEMO_PACE": "0.2", **more}
    server = subprocess.Popen(
        [sys.executable, "-m", "pages.shared.web.serve", "127.0.0.1", str(port)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: server.poll() is not None or answers(f"{url}/healthz"), seconds=120)
        assert server.poll() is None, "the server ended by itself"
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def opened(page: Page, url: str) -> Page:
    """Go there and wait until the page is drawn: before its first run it is idle too, so the heading comes first."""
    calm(page)
    page.goto(url)
    return drawn(page)


def reloaded(page: Page) -> Page:
    """Load the page anew and wait until it is drawn."""
    page.reload()
    return drawn(page)


def drawn(page: Page) -> Page:
    """Wait until a page that was just loaded stands there."""
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_selector(IDLE)
    return page


def choose(page: Page, key: str, word: str) -> None:
    """Open a list, click a word in it, and close it: a list of several stays open.

    A run that ends just then closes a list again and the click with it, so it is clicked until the list shows the
    word; that what it shows is also kept is for the caller to see.
    """
    field = page.locator(f".st-key-{key}")
    option = page.get_by_role("option").filter(has_text=word).first

    def taken() -> bool:
        page.wait_for_selector(IDLE)
        with suppress(PlaywrightTimeoutError):
            if not option.is_visible():
                field.locator("input").first.click(timeout=3000)
            option.click(timeout=3000)
        if page.get_by_role("listbox").count():
            page.keyboard.press("Escape")
        with suppress(PlaywrightTimeoutError):
            page.wait_for_function(SAYS, arg=[key, word], timeout=3000)
            return True
        return False

    field.wait_for()
    wait_until(taken, seconds=60)


def calm(page: Page) -> None:
    """Make whoever clicks here wait first for a run to end, as a person does who sees the page change.

    While Streamlit draws anew an element may stand there twice, a list that opens closes again and forgets what it
    said: on a busy machine 1 journey of 20 failed by that.
    """

    def wait() -> None:
        with suppress(PlaywrightError):
            page.wait_for_selector(IDLE, timeout=5000)

    if page not in _CALM:
        _CALM.add(page)
        page.add_locator_handler(page.locator(BUSY), wait, no_wait_after=True)


def shown(page: Page) -> str:
    """What a page shows, for those who read why a test failed; "" where it is closed."""
    with suppress(PlaywrightError):
        said = page.evaluate(
            "() => ({state: document.querySelector('[data-testid=stApp]')?.dataset.testScriptState,"
            " focus: document.activeElement?.outerHTML.slice(0, 200),"
            " prompt: document.querySelector('.st-key-prompt textarea')?.value,"
            " text: document.body.innerText.slice(0, 3000)})"
        )
        return "\n".join([page.url, *(f"{name}: {value}" for name, value in said.items())])
    return ""
