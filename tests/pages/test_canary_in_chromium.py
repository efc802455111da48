"""No page shows a stored token, whatever the endpoint echoed of it, nor sends it to the browser unseen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.runtime import start
from services.settings import Settings
from tests.pages.browsing import IDLE, fresh_server, opened
from tests.secrets.canary import found_in, run_everything
from tests.secrets.echo import echoing

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TYPED = "[...document.querySelectorAll('input, textarea')].map(i => i.value).join()"


def saw(page: Page) -> bytes:
    page.wait_for_selector(IDLE)
    return f"{page.content()}{page.evaluate(TYPED)}".encode()


def test_no_page_shows_a_stored_token(page: Page, tmp_path: Path) -> None:
    frames: list[bytes] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda data: frames.append(str(data).encode())))
    with echoing() as base_url:
        runtime = start(Settings(home=tmp_path, undo_seconds=0.0, free_floor_bytes=0), executes=False)
        try:
            ids = run_everything(runtime, runtime.for_person("local"), base_url)
        finally:
            runtime.close()
        with fresh_server(tmp_path) as url:
            for path in ["/", "/library", "/rescue", "/usage", *(f"/generation?id={id}" for id in ids), "/settings"]:
                assert found_in(saw(opened(page, url + path))) == [], path
            page.get_by_text("Echo").first.click()
            page.get_by_role("button", name="Test").first.click()
            assert found_in(saw(page)) == []

    assert frames
    assert found_in(b"".join(frames)) == []
