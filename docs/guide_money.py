"""The pictures of money in the guide: one relay here makes films and is no demo, another tells its balance."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from docs.guide_walk import Guide, server
from services.demo.server import DemoServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CURRENCY = {"en": "USD", "zh": "CNY"}
PROMPTS = {
    "en": [
        "A glass marble rolls through spilled paint, macro",
        "Rain on a window, the city out of focus [cut]",
        "A cat looks out at the snow",
    ],
    "zh": ["玻璃弹珠滚过洒开的颜料，微距", "窗上的雨，城市在虚焦里 [cut]", "一只猫望着窗外的雪"],
}
REASON = {"en": "The client wants one more", "zh": "客户还要一条"}
BALANCE = {
    "/v1/dashboard/billing/subscription": b'{"object":"billing_subscription","hard_limit_usd":25.0,"access_until":0}',
    "/v1/dashboard/billing/usage": b'{"object":"list","total_usage":618.0}',
}


class _Account(BaseHTTPRequestHandler):
    """Tells what is left, as one-api does, and nothing else."""

    def do_GET(self) -> None:
        said = BALANCE.get(self.path.partition("?")[0])
        body = said or b"{}"
        self.send_response(200 if said else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def prices(guide: Guide) -> None:
    """A price set in Settings."""
    guide.open("settings")
    guide.page.locator(".st-key-prices summary").click()
    guide.settle()
    fill(guide, "price-model", "*")
    fill(guide, "price-amount", "0.30")
    fill(guide, "price-currency", CURRENCY[guide.language])
    guide.click("price-save")
    guide.shoot("prices", top="prices")


def estimate(guide: Guide) -> None:
    """What the button says before, and the receipt of what it sent."""
    guide.open()
    write(guide, PROMPTS[guide.language][0])
    guide.shoot("estimate")
    guide.click("generate")
    guide.page.locator("video").first.wait_for(timeout=60_000)
    guide.open()
    write(guide, PROMPTS[guide.language][1])
    guide.click("generate")
    guide.page.locator("[class*=st-key-card-]").nth(1).wait_for(timeout=60_000)
    guide.open("library")
    guide.page.locator(".grid a:has(img)").first.click()
    guide.page.locator(".st-key-receipt").wait_for()
    guide.settle()
    guide.shoot("receipt", top="receipt")


def usage(guide: Guide) -> None:
    """Sure and maybe apart."""
    guide.open("usage")
    guide.page.set_viewport_size({"width": 1200, "height": 1250})
    guide.settle()
    guide.shoot("usage")
    guide.page.set_viewport_size({"width": 1200, "height": 900})


def budget(guide: Guide) -> None:
    """A budget that is used up: the sentence, and more allowed for a reason."""
    guide.open("settings")
    guide.page.locator(".st-key-budget-new summary").click()
    guide.settle()
    guide.page.locator(".st-key-budget-measure label").nth(2).click()
    guide.settle()
    fill(guide, "budget-amount", "0.60")
    fill(guide, "budget-currency", CURRENCY[guide.language])
    guide.click("budget-set")
    guide.open()
    write(guide, PROMPTS[guide.language][2])
    guide.click("generate")
    guide.shoot("budget")
    guide.open("settings")
    guide.page.locator("[class*=st-key-budget-allow-] button").first.click()
    fill(guide, "budget-more-", "0.60")
    fill(guide, "budget-why-", REASON[guide.language])
    guide.page.locator("[class*=st-key-budget-]").first.evaluate("it => it.scrollIntoView({ block: 'center' })")
    guide.settle()
    guide.shoot("override")


def balance(guide: Guide) -> None:
    """What is left at the endpoint, by its own figures: Create has it asked for, and a later look shows it."""
    guide.open()
    for _ in range(10):
        guide.open("settings")
        guide.page.locator("[data-testid=stExpander] summary").first.click()
        guide.settle()
        if guide.page.locator("[class*=st-key-balance-]").count():
            break
    guide.page.locator("[class*=st-key-balance-]").first.evaluate("it => it.scrollIntoView({ block: 'center' })")
    guide.settle()
    guide.shoot("balance")


def write(guide: Guide, prompt: str) -> None:
    """Write a prompt and hand it over; the keys of `type_in` would send it too."""
    box = guide.page.locator(".st-key-prompt textarea")
    box.fill(prompt)
    box.press("Tab")
    guide.settle()


def fill(guide: Guide, key: str, text: str) -> None:
    """Fill a small box and hand it over; `key` may be a beginning."""
    field = guide.page.locator(f"[class*=st-key-{key}] input").first
    field.fill(text)
    field.press("Tab")
    guide.settle()


SCENES: tuple[Callable[[Guide], None], ...] = (prices, estimate, usage, budget)


def walk(browser: Browser, language: str, locale: str) -> None:
    """Take all pictures of a language."""
    with tempfile.TemporaryDirectory() as home, films() as relay:
        _with(browser, language, locale, Path(home), relay, SCENES)
    with tempfile.TemporaryDirectory() as home, account() as relay:
        _with(browser, language, locale, Path(home), relay, (balance,))


def _with(  # what one walk is made of
    browser: Browser, language: str, locale: str, home: Path, relay: str, scenes: tuple[Callable[[Guide], None], ...]
) -> None:
    to = {"DAILIES_BASE_URL": relay, "DAILIES_UNDO_SECONDS": "0"}
    with server(home, **to, DAILIES_TOKEN="sk-of-the-guide") as url:  # noqa: S106  # nosec B106 - opens nothing
        context = browser.new_context(viewport={"width": 1200, "height": 900}, locale=locale)
        guide = Guide(context.new_page(), url, language)
        for scene in scenes:
            scene(guide)
        context.close()


@contextmanager
def films() -> Iterator[str]:
    """A relay that makes films."""
    with tempfile.TemporaryDirectory() as folder:
        relay = DemoServer(Path(folder), 0.2)
        try:
            yield relay.start()
        finally:
            relay.stop()


@contextmanager
def account() -> Iterator[str]:
    """A relay that tells what is left."""
    relay = ThreadingHTTPServer(("127.0.0.1", 0), _Account)
    thread = threading.Thread(target=relay.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{relay.server_address[1]}"
    finally:
        relay.shutdown()
        relay.server_close()
        thread.join()
