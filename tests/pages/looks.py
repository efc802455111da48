"""How a page looks, once it has settled: text that stands out, no fault that axe finds, no scrolling sideways.

While a page is drawn an element may be half there, so each look is taken again until it finds nothing; what it still
finds after half a minute is a fault.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

from tests.pages.browsing import DESK, PHONE
from tests.waiting import becomes

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Every text on the page whose contrast is under 4.5:1 (WCAG AA), open shadow roots included.
FAINT = (Path(__file__).parent / "faint.js").read_text("utf-8")
WIDTH = "document.documentElement.scrollWidth"


def not_faint(page: Page) -> None:
    """Every text has contrast enough."""
    becomes(lambda: page.evaluate(FAINT), {})


def axe_finds_nothing(page: Page) -> None:
    """Nothing is nameless, or out of reach for a screen reader."""

    def faults() -> list[tuple[str, str]]:
        said = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return [(one["id"], one["nodes"][0]["html"][:200]) for one in said if one["impact"] != "minor"]

    becomes(faults, [])


def fits_a_phone(page: Page) -> None:
    """On a phone it scrolls one way only; the window is as it was afterwards."""
    before = page.viewport_size or DESK
    page.set_viewport_size(PHONE)
    becomes(lambda: page.evaluate(WIDTH) <= PHONE["width"], True)
    page.set_viewport_size(before)


def well_made(page: Page) -> None:
    """All three."""
    not_faint(page)
    axe_finds_nothing(page)
    fits_a_phone(page)
