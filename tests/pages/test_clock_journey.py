"""The honest clock, the line and a refusal, in a real browser before a relay that is no demo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.runtime import start
from services.settings import Settings
from tests.fault_server import Call, FaultServer
from tests.pages.browsing import IDLE, fresh_server, opened
from tests.pages.test_journeys import listened
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOKEN_SAYS = {"code": True, "data": {"total_available": 220_000, "total_used": 1_280_000, "unlimited_quota": False}}


@pytest.fixture
def relay() -> Iterator[FaultServer]:
    with FaultServer(_quick) as server:
        server.files["/api/usage/token/"] = ("application/json", json.dumps(TOKEN_SAYS).encode())
        site = {"success": True, "data": {"quota_per_unit": 500_000, "quota_display_type": "USD"}}
        server.files["/api/status"] = ("application/json", json.dumps(site).encode())
        yield server


def _quick(call: Call) -> None:
    call.reply("200 OK", {"choices": [{"index": 0, "message": {"role": "assistant", "content": "no film"}}]})


def _never(call: Call) -> None:
    call.head("200 OK", "text/event-stream")
    call.hold()


def _refuses(call: Call) -> None:
    call.reply("429 Too Many Requests", {"error": {"message": "slow down"}}, "Retry-After: 600")


def test_the_card_tells_time_and_place_and_why(page: Page, home: Path, relay: FaultServer) -> None:
    before(home, relay)
    with fresh_server(home, DAILIES_UNDO_SECONDS="0") as url:
        troubles = listened(page, url)
        relay.plays(_never)
        opened(page, url)
        send(page, "A lighthouse that never ends")
        running = page.locator("[class*=st-key-card-]").first
        running.get_by_text("Slower than any of the 6 before, you are at 0:").wait_for()
        running.get_by_text("Nothing is sent again by itself").wait_for()

        relay.plays(_refuses)
        send(page, "A lighthouse that gets a no")
        page.locator("[class*=st-key-card-]").first.get_by_text("Refused").first.wait_for()
        send(page, "A lighthouse that waits")
        waiting = page.locator("[class*=st-key-card-]").first
        waiting.get_by_text("Number 1 in line · “too many requests”: nothing is sent there before").wait_for()
        page.get_by_text("0.44 USD left · told").wait_for()

        opened(page, f"{url}/queue")
        page.get_by_text("said “too many requests” (429) at").wait_for()
        page.get_by_text("It asks to be left alone for 10 min").wait_for()
        relay.plays(_quick)
        page.get_by_role("button", name="Go on now").click()
        page.get_by_text("Nothing is waiting.").wait_for()
        page.wait_for_selector(IDLE)
        becomes(lambda: sum(request.method == "POST" for request in relay.requests), 6 + 3)
        assert troubles == []


def before(home: Path, relay: FaultServer) -> None:
    """Six answers that took a moment, and an endpoint of one's own."""
    runtime = start(Settings(home=home, undo_seconds=0.0, free_floor_bytes=0))
    try:
        me = runtime.for_person("local")
        own = me.endpoints.save(None, name="Own", base_url=relay.base_url, token="sk-journey", model="sora-2")
        me.endpoints.choose(own.id)
        sent = [me.generations.submit(f"earlier {number}", nonce=f"{number}").id for number in range(6)]
        wait_until(lambda: all(me.generations.get(id).state == "done" for id in sent))
    finally:
        runtime.close()


def send(page: Page, prompt: str) -> None:
    box = page.get_by_label("Prompt", exact=True)
    box.fill(prompt)
    box.press("Tab")
    page.wait_for_selector(IDLE)
    page.locator(".st-key-generate button").click()
    page.locator("[class*=st-key-card-]").first.get_by_text(prompt).wait_for()
    page.wait_for_selector(IDLE)
