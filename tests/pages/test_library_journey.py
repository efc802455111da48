"""Finding and judging in a real browser: marks that stay, keys, the trash, and a way back to the same view."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from db import generations
from db.database import Database
from db.records import Ending
from db.states import Outcome, State
from services.library.browsing import Library, View
from tests.db.rows import NOW, add
from tests.pages.browsing import drawn, opened, reloaded
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = 60


@pytest.fixture(scope="module")
def library(home: Path, address: str) -> Library:
    """A library of sixty, beside the server that shows it."""
    database = Database(f"sqlite:///{home / 'dailies.db'}")
    with database.transaction() as session:
        for number in range(COUNT):
            made = add(session, f"Heron {number} 夜景 <b>at</b> dusk")
            generations.claim(session, made.id, "w1", NOW)
            ending = Ending(state=State.DONE, outcome=Outcome.TEXT, content=f"grey reeds {number}")
            generations.end(session, made.id, "w1", ending, NOW)
    return Library("local", database)


def prompts(library: Library, text: str) -> list[str]:
    return [card.prompt.split()[1] for card in library.look(View(text=text)).cards]


def shows(page: Page, count: int) -> None:
    """Wait until so many cards lie there."""
    expect(page.locator(".grid article")).to_have_count(count)


def test_back_from_a_generation_returns_to_the_same_search(page: Page, address: str, library: Library) -> None:
    opened(page, f"{address}/library?q=heron&order=oldest")
    page.locator(".grid mark").first.wait_for()
    page.get_by_role("button", name="Next page").click()
    page.wait_for_url("**at=*")
    shows(page, COUNT - 48)
    there = page.url
    page.locator(".grid a").first.click()
    page.get_by_role("heading", name="Figures").wait_for()
    wait_until(lambda: urlsplit(page.url).path == "/generation")
    page.go_back()
    page.get_by_role("heading", name="Library", level=1).wait_for()
    drawn(page)

    becomes(lambda: parse_qs(urlsplit(page.url).query), parse_qs(urlsplit(there).query))
    shows(page, COUNT - 48)
    expect(page.locator(".st-key-q input")).to_have_value("heron")
    reloaded(page)
    shows(page, COUNT - 48)


def test_hits_are_marked_on_the_card_and_on_its_page(page: Page, address: str, library: Library) -> None:
    opened(page, f"{address}/library?q=景 reeds")
    page.locator(".grid mark").first.wait_for()
    expect(page.locator(".grid .prompt mark").first).to_have_text("景")
    page.locator(".grid a").first.click()

    becomes(lambda: set(page.locator("dl mark").all_inner_texts()), {"景", "reeds"})


def test_keys_move_judge_and_open_and_nothing_jumps(page: Page, address: str, library: Library) -> None:
    opened(page, f"{address}/library")
    page.locator(".grid .cover").nth(20).scroll_into_view_if_needed()
    page.locator(".grid .cover").nth(20).focus()
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("4")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("5")
    top = page.locator(".grid article").nth(20).bounding_box()
    wait_until(lambda: prompts(library, "is:favourite rating:5") == [str(COUNT - 21)])
    wait_until(lambda: prompts(library, "rating:4") == [str(COUNT - 22)])
    expect(page.locator(".grid article").nth(20).locator(".heart")).to_have_attribute("aria-pressed", "true")
    becomes(lambda: page.locator(".grid article").nth(20).bounding_box(), top)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Figures").wait_for()

    expect(page.locator(".st-key-favourite").get_by_text("Favourite", exact=True)).to_have_count(1)


def test_a_card_goes_into_the_trash_and_comes_back(page: Page, address: str, library: Library) -> None:
    opened(page, f"{address}/library?q=heron")
    page.locator(".grid article").first.wait_for()
    first = page.locator(".grid .prompt").first.get_attribute("title")
    page.locator(".grid article").first.get_by_role("button", name="Put into the trash").click()
    page.get_by_text("1 is in the trash.").wait_for()
    wait_until(lambda: page.locator(".grid .prompt").first.get_attribute("title") != first)
    page.get_by_role("button", name="Undo").click()
    wait_until(lambda: page.locator(".grid .prompt").first.get_attribute("title") == first)

    becomes(lambda: prompts(library, "in:trash"), [])
