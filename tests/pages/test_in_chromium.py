"""What only a real browser can tell: the frame on a deep link, typing, keys, contrast, phones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages.browsing import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = ["", *re.findall(r'url_path="([^"]+)"', (Path(__file__).parents[2] / "pages" / "frame.py").read_text("utf-8"))]
MENU = ["Create", "Queue", "Library", "Usage", "Settings", "Help"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Every text on the page whose contrast is under 4.5:1 (WCAG AA), open shadow roots included.
FAINT = (Path(__file__).parent / "faint.js").read_text("utf-8")


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


def test_ctrl_enter_sends_what_is_in_the_box_once(page: Page, address: str) -> None:
    opened(page, address)
    box = page.get_by_label("Prompt", exact=True)
    box.fill("Sent from the keyboard")
    box.press("Control+Enter")
    page.locator("[class*=st-key-card-]").get_by_text("Sent from the keyboard").first.wait_for()
    opened(page, f"{address}/library?q=keyboard")

    page.locator(".grid a").first.wait_for()
    assert page.locator(".grid a").count() == 1


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


def test_no_page_has_a_fault_that_axe_finds(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_label("Prompt", exact=True).fill("A heron for every eye [fast]")
    page.get_by_role("button", name="Generate").click()
    page.get_by_role("link", name="Everything about it").first.wait_for(timeout=60_000)
    generation = page.get_by_role("link", name="Everything about it").first.get_attribute("href")
    found = {}
    for name in [*PAGES, "nothere", str(generation).lstrip("/")]:
        opened(page, f"{address}/{name}")
        said = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found[name] = [(one["id"], one["nodes"][0]["html"][:120]) for one in said if one["impact"] != "minor"]

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_menu_of_a_phone_folds_away_after_a_choice(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-US")
    page = context.new_page()
    try:
        opened(page, address)
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_test_id("stSidebar").get_by_role("link", name="Library").click()
        page.get_by_role("heading", name="Library", level=1).wait_for()
        page.wait_for_function("document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right <= 0")
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
