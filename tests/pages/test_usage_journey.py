"""The Usage page in a real browser: what was paid is found again by day, and the range stays in the address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.jobs.relay import Relay
from tests.pages.browsing import IDLE, fresh_server, opened, reloaded
from tests.pages.looks import well_made
from tests.pages.test_budget_journey import generate
from tests.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def figure(page: Page, label: str, value: str) -> None:
    """Wait until the figure of this name says so."""
    metric = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    metric.get_by_text(value, exact=True).wait_for()


def test_usage_tells_what_was_paid_and_its_range_survives_a_reload(profile: Profile, tmp_path: Path) -> None:
    page = profile(color_scheme="light", timezone_id="Asia/Kolkata")
    with Relay(deltas=2).running() as relay:
        endpoint = {"DAILIES_BASE_URL": relay.base_url, "DAILIES_TOKEN": "t", "DAILIES_UNDO_SECONDS": "0"}
        with fresh_server(tmp_path, port=0, **endpoint) as address:
            opened(page, address)
            generate(page, "A red kite over the bay")
            wait_until(lambda: sum(relay.posts.values()) == 1)

            opened(page, f"{address}/usage?range=year&by=day")
            figure(page, "Prompts sent", "1")
            figure(page, "Price unknown", "1")
            expect(page.get_by_role("combobox", name="Which time")).to_have_value("The last 12 months")
            page.locator(".st-key-usage-by").get_by_text(re.compile(r"^\d{4}-\d\d$")).first.wait_for()
            well_made(page)

            page.get_by_role("combobox", name="Which time").click()
            page.get_by_role("option", name="From … to …").click()
            page.wait_for_selector(IDLE)
            opened(page, f"{address}/usage?range=own&days=2020-01-01..2020-01-31")
            page.get_by_text("No figures here yet.").wait_for()
            reloaded(page)
            page.get_by_text("No figures here yet.").wait_for()
            expect(page).to_have_url(re.compile(r"days=2020-01-01\.\.2020-01-31"))

            page.get_by_role("combobox", name="Which time").click()
            page.get_by_role("option", name="The last 7 days").click()
            page.wait_for_url(re.compile("range=7"))
            figure(page, "Prompts sent", "1")
            with page.expect_download() as taken:
                page.get_by_role("button", name="Download as CSV").first.click()
            assert ",sure," in taken.value.path().read_text("utf-8-sig")
