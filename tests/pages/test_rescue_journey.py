"""A lost video found again, in a real browser on the real application."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import opened
from tests.pages.test_journeys import PLAYS, send
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LIVE, DEAD = "A lighthouse that answers [fast]", "A lighthouse whose link is dead [dead link] [fast]"


VIDEOS = """select v.source_url from videos v join generations g on g.id = v.generation_id
    where g.prompt = ? and v.state = ?"""


def asked(home: Path, question: str, *values: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(home / "dailies.db") as database:
        return database.execute(question, values).fetchall()


def test_a_pasted_link_brings_the_video_to_the_prompt_it_belongs_to(page: Page, address: str, home: Path) -> None:
    opened(page, address)
    send(page, LIVE)
    send(page, DEAD)
    wait_until(lambda: asked(home, VIDEOS, LIVE, "kept") and asked(home, VIDEOS, DEAD, "failed"))
    live = asked(home, VIDEOS, LIVE, "kept")[0][0]

    opened(page, f"{address}/queue")
    page.get_by_role("link", name="Rescue (1)").click()
    page.get_by_text("These ended without a video").wait_for()
    page.get_by_role("button", name="Rescue it").click()
    page.wait_for_url("**/rescue?id=*")
    box = page.locator("[class*=st-key-paste-] textarea")
    box.fill(f"<p>Your film is ready: <video src='{live}'></video></p>")
    page.get_by_role("button", name="Look for a video in it").click()
    page.get_by_role("button", name="Attach and save the video").click()
    page.get_by_text("The video is here, on the prompt it belongs to.").wait_for()
    page.locator("video").first.wait_for()
    page.evaluate("const film = document.querySelector('video'); film.muted = true; film.play()")
    page.wait_for_function(PLAYS)

    assert len(asked(home, "select id from generations")) == 2, "no new row was made"
    outside = page.locator(".st-key-provider a")  # the dead link and the pasted one
    becomes(
        lambda: outside.evaluate_all("links => links.map(one => [one.rel, one.target])"), [["noreferrer", "_blank"]] * 2
    )
    opened(page, f"{address}/library")
    expect(page.get_by_role("link", name="Rescue (1)")).to_have_count(0)
