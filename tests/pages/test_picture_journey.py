"""A picture from a file and from the clipboard to a film, and from a film to the next picture."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import opened, reloaded
from tests.pages.looks import axe_finds_nothing
from tests.pages.test_journeys import PLAYS, listened
from tests.pictures.paint import painted
from tests.waiting import becomes

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASTE = """encoded => {
    const bytes = Uint8Array.from(atob(encoded), sign => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "shot.png", {type: "image/png"}));
    document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
SHOWN = ".st-key-reference-picture img.picture"
LOADED = "image => image.complete && image.naturalWidth > 0 ? `${image.naturalWidth}x${image.naturalHeight}` : ''"


def shows(page: Page, size: str) -> None:
    """Wait until the picture is there in this size; while the page is drawn anew the one of before may stand there."""
    becomes(lambda: page.locator(SHOWN).evaluate(LOADED), size)


def test_a_picture_goes_with_the_words_and_a_frame_begins_the_next(page: Page, address: str, tmp_path: Path) -> None:
    troubles = listened(page, address)
    file = tmp_path / "holiday.jpg"
    file.write_bytes(painted((800, 600)))
    opened(page, address)
    page.get_by_label("Prompt", exact=True).fill("It begins to snow")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a picture").click()
    chooser.value.set_files(file)
    shows(page, "800x600")
    page.locator(".st-key-picture-crop").get_by_role("combobox").click()
    page.get_by_role("option", name="Portrait").click()
    page.locator(".st-key-picture-at").wait_for()
    shows(page, "338x600")

    page.evaluate(PASTE, base64.b64encode(painted((300, 300), "PNG")).decode())
    page.get_by_text("300×300").wait_for()
    reloaded(page)
    shows(page, "300x300")
    expect(page.get_by_label("Prompt", exact=True), "no paste costs a word").to_have_value("It begins to snow")
    axe_finds_nothing(page)

    page.get_by_role("button", name="Generate").click()
    page.locator("video").first.scroll_into_view_if_needed()  # out of sight it does not play by itself
    page.wait_for_function(PLAYS)
    page.get_by_role("link", name="Everything about it").first.click()
    page.wait_for_url("**/generation?id=*")
    page.locator("img.picture").wait_for()
    page.get_by_role("button", name="Use a frame").click()
    page.get_by_role("button", name="Begin a film from it").click()
    page.get_by_role("heading", name="What shall we shoot?").wait_for()
    page.get_by_text("640×360").wait_for()
    page.get_by_role("button", name="Take the picture out").click()
    page.get_by_role("button", name="Add a picture").wait_for()
    assert troubles == []
