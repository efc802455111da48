"""Composing in a real browser: by clicks alone, and through a reload in the middle."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import IDLE, PHONE, choose, opened, reloaded
from tests.pages.looks import axe_finds_nothing, fits_a_phone, not_faint
from tests.pages.test_journeys import PLAYS, listened

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def box(page: Page) -> str:
    return page.get_by_label("Prompt", exact=True).input_value()


def holds(page: Page, words: str) -> None:
    """Wait until the prompt box says this."""
    page.wait_for_function(
        "words => document.querySelector('.st-key-prompt textarea')?.value.includes(words)", arg=words
    )


def composer(page: Page, address: str) -> None:
    """Open Create with its fields, whether somebody left them open or not."""
    opened(page, address)
    if not page.locator(".st-key-compose-section").count():
        page.get_by_text("Compose with fields").click()
    page.locator(".st-key-compose-section").wait_for()


def section(page: Page, name: str) -> None:
    choice = page.locator(".st-key-compose-section").get_by_text(name, exact=True)
    expect(choice).to_have_count(1)
    choice.click()
    page.wait_for_selector(IDLE)


def kept_fields(home: Path) -> dict[str, object]:
    with sqlite3.connect(home / "dailies.db") as database:
        found = database.execute("select fields from generations order by seq desc limit 1").fetchone()
    return dict(json.loads(found[0])["fields"]) if found and found[0] else {}


def test_a_first_time_user_composes_by_clicks_only_and_sends(page: Page, address: str, home: Path) -> None:
    troubles = listened(page, address)
    composer(page, address)
    page.locator(".st-key-cards-templates button").filter(has_text="An arrival").click()
    holds(page, "A narrow street, one lit window")
    page.locator(".st-key-cards-looks button").filter(has_text="Neon night").click()
    holds(page, "magenta, cyan, black")
    section(page, "Camera")
    choose(page, "f-shots-one", "close-up")
    holds(page, "close-up")
    section(page, "Light and look")
    choose(page, "f-mood", "calm")
    holds(page, "calm")
    page.get_by_role("button", name="Generate").click()
    page.locator(".answer").first.wait_for()
    page.wait_for_function(PLAYS)

    assert "calm" in str(kept_fields(home)["mood"])
    assert troubles == []


def test_a_reload_in_the_middle_keeps_fields_and_words(page: Page, address: str) -> None:
    composer(page, address)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_function("document.querySelector('.st-key-prompt textarea').value === ''")
    section(page, "Scene")
    scene = page.locator(".st-key-f-place-text textarea")
    scene.press_sequentially("A wet crossing in Shanghai", delay=5)
    holds(page, "A wet crossing in Shanghai")
    page.locator(".st-key-f-cast-0-name input").press_sequentially("Mei", delay=5)
    holds(page, "Mei")
    choose(page, "f-place-times", "dusk")
    holds(page, "dusk")
    before = box(page)
    reloaded(page)
    holds(page, before)
    section(page, "Scene")

    scene = page.locator(".st-key-f-place-text textarea")
    expect(scene).to_have_value("A wet crossing in Shanghai")
    expect(page.locator(".st-key-f-cast-0-name input")).to_have_value("Mei")
    expect(page.locator(".st-key-f-place-times")).to_contain_text("dusk")


def test_no_part_of_the_composer_has_a_fault_that_axe_finds(page: Page, address: str) -> None:
    composer(page, address)
    for name in ("Begin", "All"):
        section(page, name)
        axe_finds_nothing(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_fields_without_scrolling_sideways(profile: Profile, address: str, scheme: str) -> None:
    page = profile(viewport=PHONE, color_scheme=scheme)
    composer(page, address)
    for name in ("Begin", "All"):
        section(page, name)
        fits_a_phone(page)
        not_faint(page)
