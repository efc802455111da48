"""What only a real browser can tell: the frame on a deep link, typing, double clicks, leaks, contrast, phones."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.machine import BROWSERS
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROJECT = Path(__file__).resolve().parent.parent.parent
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
PAGES = ["", "queue", "library", "usage", "settings", "help"]
MENU = ["Create", "Queue", "Library", "Usage", "Settings", "Help"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Every text on the page whose contrast is under 4.5:1 (WCAG AA), open shadow roots included.
FAINT = (Path(__file__).parent / "faint.js").read_text("utf-8")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's browser. Under CI=true a missing one is a failure, not a skip."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh server on a fresh data folder: nobody has visited it before the first test here."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    environment = {**ours, "DAILIES_HOME": str(tmp_path_factory.mktemp("home")), "DAILIES_DEMO_PACE": "0.2"}
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: server.poll() is None and answers(f"{url}/healthz"), seconds=30)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_selector(IDLE)
    page.get_by_role("heading", level=1).wait_for()
    return page


def test_the_first_visit_may_be_a_deep_link_and_shows_the_frame(page: Page, address: str) -> None:
    """Must be the first test here: only the first run in a process could go wrong."""
    opened(page, f"{address}/library")

    assert page.get_by_role("heading", level=1).inner_text() == "Library"
    assert [page.get_by_role("link", name=name, exact=True).count() for name in MENU] == [1] * 6


def test_a_draft_survives_a_reload_while_it_is_typed(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_label("Prompt", exact=True).press_sequentially("half a thought", delay=5)
    page.get_by_text("Draft saved").wait_for()
    page.reload()

    page.wait_for_function("document.querySelector('.st-key-prompt textarea')?.value === 'half a thought'")


def test_a_prompt_becomes_a_playing_video_and_a_double_click_sends_once(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_label("Prompt", exact=True).fill("A red kite, twice clicked")
    page.get_by_role("button", name="Generate").dblclick()
    page.locator(".answer").first.wait_for()
    page.wait_for_function("document.querySelector('video')?.currentTime > 0.3", timeout=60_000)
    opened(page, f"{address}/library?q=twice")

    page.locator(".grid a").first.wait_for()
    assert page.locator(".grid a").count() == 1
    page.locator(".grid a").click()
    page.wait_for_url("**/generation?id=*")


def test_ctrl_enter_sends_what_is_in_the_box_once(page: Page, address: str) -> None:
    opened(page, address)
    box = page.get_by_label("Prompt", exact=True)
    box.fill("Sent from the keyboard")
    box.press("Control+Enter")
    page.locator("[class*=st-key-card-]").get_by_text("Sent from the keyboard").first.wait_for()
    opened(page, f"{address}/library?q=keyboard")

    page.locator(".grid a").first.wait_for()
    assert page.locator(".grid a").count() == 1


def test_nothing_a_prompt_holds_is_fetched_from_elsewhere(page: Page, address: str) -> None:
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda asked: elsewhere.append(asked.url) if not asked.url.startswith((address, "blob:", "data:")) else None,
    )
    opened(page, address)
    box = page.get_by_label("Prompt", exact=True)
    box.fill("![spy](http://evil.example/x.png) <img src=http://evil.example/y.png> http://evil.example/z.png")
    box.press("Control+Enter")
    page.locator("[class*=st-key-card-]").get_by_text("spy").first.wait_for()
    opened(page, f"{address}/library")
    page.locator(".grid a").first.click()
    page.wait_for_url("**/generation?id=*")
    page.wait_for_selector(IDLE)

    assert elsewhere == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_enough(chromium: Browser, address: str, scheme: str) -> None:
    context = chromium.new_context(color_scheme=scheme, locale="en-US")  # type: ignore[arg-type]  # one of its words
    page = context.new_page()
    try:
        for name in PAGES:
            opened(page, f"{address}/{name}")
            assert page.evaluate(FAINT) == {}, name
    finally:
        context.close()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_phone_scrolls_one_way_only(chromium: Browser, address: str, locale: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale=locale)
    page = context.new_page()
    try:
        for name in PAGES:
            opened(page, f"{address}/{name}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    finally:
        context.close()
