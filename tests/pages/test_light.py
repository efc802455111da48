"""The server stays light: no page may bring pandas, pyarrow, numpy or PIL into it (90 MB and half a second)."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages.browsing import opened

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = ["queue", "library", "rescue", "usage", "settings", "help", ""]
HEAVY = {"pandas", "pyarrow", "numpy", "PIL"}
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def loaded(port: str) -> set[str]:
    """The packages whose machine code the server on this port has loaded, as Linux tells it."""
    command = b"pages.shared.web.serve\x00127.0.0.1\x00" + port.encode() + b"\x00"
    found = next(one for one in Path("/proc").glob("[0-9]*") if command in (one / "cmdline").read_bytes())
    return set(re.findall(r"/site-packages/(\w+)[/.]", (found / "maps").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_no_page_brings_what_the_server_can_do_without(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_label("Prompt", exact=True).fill("A kite over the sea")
    page.get_by_role("button", name="Generate").click()
    page.locator("video").first.wait_for()
    page.get_by_text("Compose with fields").click()
    page.locator(".st-key-compose-section").get_by_text("All", exact=True).click()
    page.locator(".st-key-f-remix").wait_for()
    for name in PAGES:
        opened(page, f"{address}/{name}")
    opened(page, f"{address}/library").locator(".grid a").first.click()
    page.get_by_role("heading", level=1).wait_for()

    packages = loaded(address.rpartition(":")[2])
    assert "sqlalchemy" in packages, "it is the server that was asked"
    assert packages & HEAVY == set()
