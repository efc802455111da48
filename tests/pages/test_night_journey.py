"""A night shift planned, run and reviewed in a real browser on the demo endpoint."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import IDLE, opened
from tests.pages.looks import not_faint, well_made
from tests.pages.test_journeys import listened
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PROMPTS = ["A red kite over the bay [fast]", "A blue kite over the bay [fast]", "A kite nobody may fly [401]"]


def kept(home: Path, question: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "dailies.db") as database:
        return list(database.execute(question))


def choose_time(page: Page, key: str, time: str) -> None:
    """Type a time into its box, hours and minutes one after the other."""
    box = page.locator(f".st-key-{key}")
    box.get_by_role("spinbutton").first.click()
    page.keyboard.type(time.replace(":", ""))
    page.keyboard.press("Tab")
    page.wait_for_function(
        "([key, time]) => document.querySelector(`.st-key-${key} input`).value.startsWith(time)", arg=[key, time]
    )
    page.wait_for_selector(IDLE)


def verdicts(home: Path) -> list[str]:
    return sorted(str(row[0]) for row in kept(home, "select verdict from night_verdicts"))


def test_a_night_shift_runs_is_judged_by_keys_and_looks_well(
    profile: Profile, page: Page, address: str, home: Path
) -> None:
    troubles = listened(page, address)
    opened(page, address)
    now = page.evaluate("new Date().getHours()")
    page.get_by_role("link", name="Several at once").click()
    page.get_by_label("Prompts, one a line").fill("\n".join(PROMPTS))
    page.get_by_label("Prompts, one a line").press("Control+Enter")
    page.locator(".st-key-for-night").get_by_text("Or leave them for the night").click()
    page.get_by_role("button", name="Leave 3 prompts for the night").wait_for()
    choose_time(page, "night-begin", f"{(now - 1) % 24:02}:00")
    choose_time(page, "night-end", f"{(now + 5) % 24:02}:00")
    page.get_by_role("button", name="Leave 3 prompts for the night").click()
    page.get_by_role("button", name="Yes, plan 3").dblclick()
    page.get_by_text("Planned. The Queue shows it").wait_for()

    wait_until(lambda: kept(home, "select state from nights") == [("ended",)])
    assert kept(home, "select prompt from generations order by sent_at") == [(one,) for one in PROMPTS]
    assert kept(home, "select reason from nights") == [("done",)]

    page.get_by_role("link", name="Queue").first.click()
    page.get_by_role("link", name="Night shift").click()
    page.get_by_role("link", name="Morning reel").click()
    page.get_by_text("Clip 1 of 2").wait_for()
    page.wait_for_selector(IDLE)
    wait_until(lambda: page.locator("video").evaluate("it => it.currentTime > 0.2"))
    page.keyboard.press("b")
    page.get_by_text("Clip 2 of 2").wait_for()
    wait_until(lambda: verdicts(home) == ["bin"])
    page.keyboard.press("z")
    page.get_by_text("Clip 1 of 2").wait_for()
    wait_until(lambda: verdicts(home) == [])
    page.keyboard.press("k")
    page.get_by_text("Clip 2 of 2").wait_for()
    page.keyboard.press("a")
    page.get_by_text("You have seen them all.").wait_for()
    wait_until(lambda: verdicts(home) == ["again", "keep"])
    assert kept(home, "select count(*) from generations where trashed_at is not null") == [(0,)]

    page.get_by_role("heading", name="To be taken again").wait_for()
    page.get_by_role("button", name="Send 1 prompt").click()
    page.get_by_role("button", name="Yes, send 1").dblclick()
    page.get_by_text("1 prompt is on its way.").wait_for()
    wait_until(lambda: verdicts(home) == ["keep", "sent"])
    assert [row[0] for row in kept(home, "select prompt from generations")].count(PROMPTS[1]) == 2
    expect(page.locator(".st-key-reel-bill")).to_contain_text("3 / 3")
    expect(page.get_by_role("heading", name="What went wrong")).to_have_count(1)
    not_faint(page)
    assert troubles == []
    ((night,),) = kept(home, "select id from nights")
    for scheme in ("light", "dark"):
        all_looks_well(profile, address, f"reel?id={night}", scheme)


def all_looks_well(profile: Profile, address: str, reel: str, scheme: str) -> None:
    """No page of the night is faint, nameless or wider than a phone."""
    page = profile(color_scheme=scheme)
    for path in (reel, "night", "drafts", "batch", "enhance"):
        opened(page, f"{address}/{path}")
        if path.startswith("reel"):
            page.locator(".reel video").wait_for()
        well_made(page)
