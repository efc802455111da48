"""A CSV file of 50 with 3 bad rows, mended and sent, in a real browser on the real application."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import opened
from tests.pages.test_journeys import listened
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PACE = ("[fast]", "[slow]")  # the later ones still wait when the rest is cancelled
GOOD = [f"Kite number {number} over the bay {PACE[number > 8]},{4 + 4 * (number % 2)}" for number in range(47)]
BAD = ["A kite that lasts too little,none", ",8", f"{'A kite too long to send ' * 4200},4"]


def written(folder: Path, name: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join(["prompt,seconds", *rows]) + "\n", "utf-8")
    return path


def kept(home: Path) -> list[str]:
    with sqlite3.connect(home / "dailies.db") as database:
        return [row[0] for row in database.execute("select prompt from generations order by seq")]


def test_fifty_rows_with_three_bad_ones_are_mended_and_all_sent_once(
    page: Page, address: str, home: Path, tmp_path: Path
) -> None:
    troubles = listened(page, address)
    opened(page, f"{address}/queue")
    page.get_by_role("link", name="Several at once").click()
    page.get_by_role("heading", name="Several at once").wait_for()
    page.locator(".st-key-batch-way").get_by_text("CSV file").click()
    chooser = page.locator(".st-key-batch-file input[type=file]")
    chooser.set_input_files(written(tmp_path, "kites.csv", [*GOOD[:20], BAD[0], *GOOD[20:40], *BAD[1:], *GOOD[40:]]))

    page.get_by_text("3 things are wrong, so nothing is sent.").wait_for()
    rows = page.locator(".st-key-batch-problems tbody tr td:first-child")
    expect(rows, "as a spreadsheet counts: the heading is row 1").to_have_text(["22", "43", "44"])
    expect(page.locator(".st-key-batch-send")).to_have_count(0)
    assert kept(home) == []

    mended = ["A kite for a while [fast],4", "A kite [fast],8", "A short kite [fast],4"]
    chooser.set_input_files(written(tmp_path, "mended.csv", [*GOOD, *mended]))
    page.get_by_role("button", name="Send 50 prompts").click()
    page.get_by_role("button", name="Yes, send 50").dblclick()
    page.get_by_text("50 prompts are on their way.").wait_for()
    wait_until(lambda: len(kept(home)) == 50)
    page.reload()
    page.locator(".st-key-batch-way").get_by_text("CSV file").wait_for()

    page.get_by_role("link", name="Queue").first.click()
    page.get_by_text("in this batch still wait.").wait_for()
    page.get_by_role("button", name="Cancel the rest").click()
    page.get_by_text("cancelled.").first.wait_for()
    assert len(kept(home)) == 50
    assert troubles == []
