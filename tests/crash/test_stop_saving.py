"""A person stops the saving of a video on its page, and changes their mind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.crash.ledger import Ledger
from tests.crash.relay import Relay, Script
from tests.crash.server import CreatePage, Server
from tests.pages.browsing import opened
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_video_that_is_being_saved_can_be_stopped_and_saved_after_all(
    relay: Relay, serve: Callable[..., Server], profile: Profile, tmp_path: Path
) -> None:
    server, ledger = serve(), Ledger(tmp_path / "home")
    server.start()
    relay.hold(films=True)
    relay.scripts["a film"] = Script(deltas=1, film=True)
    server.type_draft("a film")
    with CreatePage(server.url) as create:
        create.press("generate")
        wait_until(lambda: relay.films_begun >= 1)
    wait_until(lambda: ledger.states(["a film"]) == ["done"])
    [kept] = ledger.kept().values()

    page = opened(profile(), f"{server.url}/generation?id={kept.id}")
    page.get_by_role("button", name="Stop saving").click()
    page.get_by_text("You stopped the saving of this video.").wait_for()
    becomes(lambda: ledger.ask("SELECT state, error_code FROM videos"), [("failed", "video_cancelled")])

    relay.let_go()
    page.get_by_role("button", name="Save the video").click()
    wait_until(lambda: ledger.ask("SELECT state FROM videos") == [("kept",)])
    page.locator("video").wait_for(state="attached")
