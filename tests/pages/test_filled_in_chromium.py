"""Two pages that show nothing before something was done, full: what works, and the sums of a night that may cost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.database import Database
from services.prompts.fields import Fields
from tests.jobs.relay import Relay
from tests.library.test_works import rated
from tests.pages.browsing import IDLE, fresh_server, opened
from tests.pages.looks import well_made

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def filled(home: Path) -> Iterator[str]:
    """A server before an endpoint that may charge, with twelve rated films of before."""
    with Relay().running() as relay, fresh_server(home, DAILIES_BASE_URL=relay.base_url) as url:
        database = Database(f"sqlite:///{home / 'dailies.db'}")
        parent = ""
        for number in range(12):
            fields = Fields(looks=("anime",), moves=("push in", "pan left")[number % 2 :][:1], mood=("calm",))
            parent = rated(database, 1 + number % 5, 100, fields=fields, parent_id=parent or None, prompt=f"A {number}")
        database.close()
        yield url


def works(page: Page, url: str) -> None:
    opened(page, f"{url}/works")
    page.get_by_role("heading", name="By what was asked for").wait_for()
    page.get_by_text("push in").first.wait_for()


def sums(page: Page, url: str) -> None:
    opened(page, f"{url}/batch")
    page.get_by_label("Prompts, one a line").fill("A red kite\nA blue kite")
    page.get_by_label("Prompts, one a line").press("Control+Enter")
    page.locator(".st-key-for-night label").first.click()
    for label, sum_ in (("What one costs, if you know", "0.3"), ("Stop before this sum is passed", "1")):
        field = page.get_by_role("spinbutton", name=label)
        field.fill(sum_)
        field.press("Tab")
        page.wait_for_selector(IDLE)
    page.get_by_text("if one costs 0.3.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_full_of_figures_they_have_no_fault_and_fit_a_phone(profile: Profile, filled: str, scheme: str) -> None:
    page = profile(color_scheme=scheme)
    for shown in (works, sums):
        shown(page, filled)
        well_made(page)
