"""A page that is open while its answer cannot be saved says so by itself, and stops saying so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.fault_server import FaultServer
from tests.faults.means import Gate, half_arrived, locked
from tests.faults.shed import settled, shed
from tests.pages.browsing import opened

if TYPE_CHECKING:
    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = "Not saved yet"


def test_an_open_page_tells_what_is_not_saved_yet_while_its_answer_comes(profile: Profile, tmp_path: Path) -> None:
    gate = Gate()
    with FaultServer(gate) as server, shed(tmp_path, server) as made:
        _, url = made.serve()
        me = made.me()
        page = opened(profile(), url)
        page.get_by_label("Prompt", exact=True).fill("A tide that turns")
        page.get_by_role("button", name="Generate").click()
        page.locator(".answer").get_by_text("The tide turns").first.wait_for()
        (sent,) = me.generations.newest(limit=1)
        half_arrived(me, sent)
        line = page.locator(".unsaved")
        expect(line).not_to_be_visible()
        with locked(made.home / "dailies.db"):
            gate.go.set()
            line.get_by_text(SAID).wait_for()
            expect(page.get_by_role("button", name="Cancel"), "no run of the page brought it").to_have_count(1)
        ended = settled(me, sent)
        page.get_by_text("Text only").first.wait_for()
        expect(page.get_by_text(SAID)).to_have_count(0)
        assert ended.content == server.sent_text
