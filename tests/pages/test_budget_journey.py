"""A budget set, reached, told of, and passed for a reason, in a real browser before a relay that counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.jobs.relay import Relay
from tests.pages.browsing import IDLE, fresh_server, opened
from tests.pages.looks import FAINT
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIRST, SECOND = "A red kite over the bay", "A blue kite over the bay"


def generate(page: Page, prompt: str) -> None:
    box = page.get_by_label("Prompt", exact=True)
    box.fill(prompt)
    box.press("Tab")
    page.wait_for_selector(IDLE)
    page.get_by_role("button", name="Generate").click()


def well_made(page: Page) -> None:
    """Nothing is faint, nameless, or wider than a phone."""
    assert page.evaluate(FAINT) == {}
    said = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in said if one["impact"] != "minor"] == []
    page.set_viewport_size({"width": 390, "height": 844})
    wait_until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 390)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_budget_stops_with_a_clear_sentence_and_is_passed_for_a_reason(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(color_scheme="dark", locale="en-US")
    page = context.new_page()
    with Relay(deltas=2).running() as relay:
        endpoint = {"DAILIES_BASE_URL": relay.base_url, "DAILIES_TOKEN": "t", "DAILIES_UNDO_SECONDS": "0"}
        with fresh_server(tmp_path, port=0, **endpoint) as address:
            opened(page, f"{address}/settings")
            page.get_by_text("Set a budget").click()
            page.get_by_label("At most").fill("1")
            page.get_by_label("At most").press("Tab")
            page.wait_for_selector(IDLE)
            page.get_by_role("button", name="Set this budget").click()
            page.get_by_text("0 of 1 generation used.").wait_for()
            page.wait_for_selector(IDLE)
            well_made(page)

            opened(page, address)
            generate(page, FIRST)
            wait_until(lambda: relay.posts == {FIRST: 1})
            page.get_by_text("Used up: Today, all you send.").wait_for()
            page.wait_for_selector(IDLE)
            generate(page, SECOND)
            page.get_by_text("Nothing was sent: this budget is used up (Today, all you send).").wait_for()
            page.wait_for_selector(IDLE)
            expect(page.get_by_label("Prompt", exact=True)).to_have_value(SECOND)
            assert relay.posts == {FIRST: 1}
            well_made(page)

            page.locator(".st-key-budget-line").get_by_role("link", name="Budgets").click()
            page.get_by_role("button", name="Allow more").click()
            page.get_by_label("How much more").fill("1")
            page.get_by_label("Why", exact=True).fill("The client is on the phone")
            page.get_by_label("Why", exact=True).press("Tab")
            page.wait_for_selector(IDLE)
            page.get_by_role("button", name="Allow it").click()
            page.get_by_text("1 of 2 generations used.").wait_for()

            opened(page, address)  # Streamlit paints a box empty first and puts its text in after
            expect(page.get_by_label("Prompt", exact=True)).to_have_value(SECOND)
            page.get_by_role("button", name="Generate").click()
            wait_until(lambda: relay.posts == {FIRST: 1, SECOND: 1}, seconds=20)
            opened(page, f"{address}/usage").get_by_text("2 of 2 generations used.").wait_for()
    context.close()
