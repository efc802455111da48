"""What a relay tells of its account, in a real browser: a key's models, little left, and a bill that says otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from db.prices import Basis
from services.runtime import start
from services.settings import Settings
from services.usage.prices import Draft
from tests.fault_server import FaultServer
from tests.pages.browsing import IDLE, fresh_server, opened
from tests.pages.test_journeys import listened
from tests.relays.account import STATUS, SUBSCRIPTION, TOKEN, USAGE
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEY = {
    "total_available": 220_000,
    "total_used": 1_280_000,
    "unlimited_quota": False,
    "model_limits_enabled": True,
    "model_limits": {"sora-2": True},
}
ANSWERS = {
    TOKEN: {"code": True, "data": KEY},
    STATUS: {"success": True, "data": {"quota_per_unit": 500_000, "quota_display_type": "USD"}},
    SUBSCRIPTION: {"object": "billing_subscription", "hard_limit_usd": 3.0},
    USAGE: {"object": "list", "total_usage": 256},
}


@pytest.fixture
def relay() -> Iterator[FaultServer]:
    """A relay that tells what is left and which models the key may use, and answers every prompt with an error."""
    with FaultServer("up-http-200-json-error") as server:
        for path, answer in ANSWERS.items():
            server.files[path] = ("application/json", json.dumps(answer).encode())
        yield server


def before(home: Path, relay: FaultServer) -> None:
    """An endpoint of one's own that lists two models, and a price."""
    runtime = start(Settings(home=home, undo_seconds=0.0, free_floor_bytes=0), executes=False)
    try:
        me = runtime.for_person("local")
        own = me.endpoints.save(None, name="Own", base_url=relay.base_url, token="sk-journey", model="sora-2")
        me.endpoints.test(own.id)  # which keeps the models it lists
        me.endpoints.choose(own.id)
        me.prices.save(Draft(model="*", basis=Basis.PER_CALL, price="0.50", currency="USD", valid_from="2026-01-01"))
    finally:
        runtime.close()


def offered(page: Page) -> list[str]:
    """Open the list of models, again where a run closed it, and return what it offers."""
    page.wait_for_selector(IDLE)
    if not page.get_by_role("listbox").count():
        page.locator(".st-key-model input").click()
    return page.get_by_role("option").all_inner_texts()


def test_little_left_is_told_before_sending_and_what_was_not_charged_is_no_cost(
    page: Page, home: Path, relay: FaultServer
) -> None:
    before(home, relay)
    with fresh_server(home, DAILIES_UNDO_SECONDS="0") as url:
        troubles = listened(page, url)
        opened(page, url)
        page.get_by_text("0.44 USD left, less than the 0.50 USD this may cost (told").wait_for()
        wait_until(lambda: offered(page) == ["sora-2"], seconds=30)  # of the two that the endpoint lists
        page.keyboard.press("Escape")

        box = page.get_by_label("Prompt", exact=True)
        box.fill("A kite that never comes")
        box.press("Tab")
        page.wait_for_selector(IDLE)
        page.locator(".st-key-generate button").click()
        card = page.locator("[class*=st-key-card-]").first
        card.get_by_text("The service behind the endpoint reported an error.").wait_for()

        opened(page, f"{url}/rescue")
        page.get_by_role("button", name="Select all").click()
        page.get_by_role("button", name="These were not charged").click()
        page.get_by_text("Noted for 1 prompt.").wait_for()
        opened(page, f"{url}/usage")
        nothing = page.get_by_test_id("stMetric").filter(has_text="Cost nothing")
        expect(nothing).to_contain_text("1")
        maybe = page.get_by_test_id("stMetric").filter(has_text="Maybe charged")
        expect(maybe).to_contain_text("–")
        assert relay.posts == 1
        assert troubles == []
