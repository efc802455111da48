"""What only a real browser can tell: the frame on a deep link, typing, keys, contrast, phones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import DESK, PHONE, opened
from tests.pages.looks import axe_finds_nothing, fits_a_phone, not_faint, well_made

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.pages.browsing import Profile

PAGES = ["", *re.findall(r'url_path="([^"]+)"', (Path(__file__).parents[2] / "pages" / "frame.py").read_text("utf-8"))]
MENU = ["Create", "Queue", "Library", "Usage", "Settings", "Help"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_first_visit_may_be_a_deep_link_and_shows_the_frame(page: Page, address: str) -> None:
    """Must be the first test here: only the first run in a process could go wrong."""
    opened(page, f"{address}/library")

    expect(page.get_by_role("heading", level=1)).to_have_text("Library")
    for name in MENU:
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(1)


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

    expect(page.locator(".grid a")).to_have_count(1)


def generation_with_a_film(page: Page, address: str) -> str:
    """Make one, and return the path of its page."""
    opened(page, address)
    page.get_by_label("Prompt", exact=True).fill("A heron for every eye [fast]")
    page.get_by_role("button", name="Generate").click()
    link = page.get_by_role("link", name="Everything about it").first
    link.wait_for()
    return str(link.get_attribute("href")).lstrip("/")


def test_no_page_is_faint_or_has_a_fault_that_axe_finds_or_is_wider_than_a_phone(page: Page, address: str) -> None:
    opened(page, f"{address}/{generation_with_a_film(page, address)}")
    axe_finds_nothing(page)
    for name in [*PAGES, "nothere"]:
        opened(page, f"{address}/{name}")
        well_made(page)


def test_in_chinese_and_the_dark_no_page_is_faint_or_wider_than_a_phone(profile: Profile, address: str) -> None:
    page = profile(viewport=PHONE, color_scheme="dark", locale="zh-CN")
    for name in PAGES:
        opened(page, f"{address}/{name}")
        fits_a_phone(page)
        not_faint(page)
        page.set_viewport_size(DESK)
        not_faint(page)
        page.set_viewport_size(PHONE)


def test_the_menu_of_a_phone_folds_away_after_a_choice(profile: Profile, address: str) -> None:
    page = profile(viewport=PHONE)
    opened(page, address)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Library").click()
    page.get_by_role("heading", name="Library", level=1).wait_for()
    page.wait_for_function("document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right <= 0")
