"""A price is set, shown before sending, charged and receipted, in a real browser before an endpoint that is no demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from services.demo.server import DemoServer
from tests.pages.browsing import IDLE, fresh_server, opened
from tests.pages.test_journeys import listened
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def before_it(home: Path, tmp_path: Path) -> Iterator[str]:
    """A server whose endpoint is a real one on this machine that makes real films, and is no demo to it."""
    relay = DemoServer(tmp_path, 0.05)
    try:
        with fresh_server(home, DAILIES_BASE_URL=relay.start(), DAILIES_UNDO_SECONDS="0") as url:
            yield url
    finally:
        relay.stop()


def typed(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")
    page.wait_for_selector(IDLE)


def test_a_price_is_set_shown_before_and_receipted_afterwards(page: Page, before_it: str) -> None:
    troubles = listened(page, before_it)
    opened(page, before_it)
    page.get_by_role("button", name="Generate · cost unknown").wait_for()
    opened(page, f"{before_it}/settings")
    page.get_by_text("Prices", exact=True).click()
    page.get_by_text("No price is set, so every cost is unknown.").wait_for()
    prices = page.locator(".st-key-prices")
    prices.locator(".st-key-price-model input").fill("*")
    prices.locator(".st-key-price-model input").press("Tab")
    page.wait_for_selector(IDLE)
    typed(page, "Currency", "cny")
    typed(page, "Price of one", "abc")
    prices.get_by_role("button", name="Save the price").click()
    refused = page.locator(".st-key-notice")
    refused.get_by_text("This is not a price.").wait_for()
    # the reason is on the screen, however far down the button is
    wait_until(lambda: (at := refused.bounding_box()) is not None and 0 <= at["y"] < 200)
    typed(page, "Price of one", "0.30")
    prices.get_by_role("button", name="Save the price").click()
    prices.get_by_text("0.30 CNY each").first.wait_for()

    opened(page, before_it)
    page.get_by_label("Prompt", exact=True).fill("A paper boat crosses a puddle")
    page.get_by_role("button", name="Generate · at most 0.30 CNY").click()
    page.locator("video").first.wait_for()
    page.wait_for_selector(IDLE)
    page.get_by_text("Everything about it").first.click()
    receipt = page.locator(".st-key-receipt")
    receipt.get_by_text("Video saved here").wait_for()
    receipt.get_by_text("1 × 0.30 = 0.30 CNY").wait_for()
    expect(receipt).to_contain_text("at most 0.30 CNY")
    expect(receipt).to_contain_text("as expected")
    assert troubles == []
