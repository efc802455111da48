"""Undo send in a real browser, before an endpoint that would charge: nothing leaves, and the composer is as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.jobs.relay import Relay
from tests.pages.browsing import choose, fresh_server, opened
from tests.pages.test_composer_journey import box, holds, section
from tests.pages.test_journeys import listened

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def paid() -> Iterator[Relay]:
    with Relay().running() as running:
        yield running


@pytest.fixture
def before_it(paid: Relay, home: Path) -> Iterator[str]:
    """A server whose endpoint is no demo."""
    with fresh_server(home, DAILIES_BASE_URL=paid.base_url, DAILIES_UNDO_SECONDS="60") as url:
        yield url


def test_taking_back_sends_nothing_and_returns_fields_and_words(
    page: Page, before_it: str, paid: Relay, home: Path
) -> None:
    troubles = listened(page, before_it)
    opened(page, before_it)
    page.get_by_text("Compose with fields").click()
    page.locator(".st-key-cards-templates button").filter(has_text="An arrival").click()
    holds(page, "A narrow street, one lit window")
    section(page, "Light and look")
    choose(page, "f-mood", "calm")
    holds(page, "calm")
    composed = box(page)
    page.get_by_label("Prompt", exact=True).fill(f"{composed}\nBy hand: a cat.")
    page.get_by_role("button", name="Generate").click()
    page.get_by_text("what it costs is not known here").wait_for()
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_function("document.querySelector('.st-key-prompt textarea').value === ''")
    page.get_by_role("button", name="Take back").click()
    holds(page, "By hand: a cat.")

    expect(page.get_by_label("Prompt", exact=True)).to_have_value(f"{composed}\nBy hand: a cat.")
    page.get_by_text("Changed by hand. Your fields are kept beside it.").wait_for()
    page.get_by_role("button", name="Write it again from the fields").click()
    page.wait_for_function("words => document.querySelector('.st-key-prompt textarea').value === words", arg=composed)
    with sqlite3.connect(home / "dailies.db") as database:
        assert database.execute("select state, sent_at from generations").fetchall() == [("cancelled", None)]
    assert paid.posts == {}
    assert troubles == []
