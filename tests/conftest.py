"""Options of the long suites: each has a short seeded form in the test command and a long one to publish figures of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.pages.browsing import system_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser: one for all tests, for Playwright allows one loop a process."""
    with system_chromium() as browser:
        yield browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a browser that did not see in time what it waited for a second go; a wrong answer gets none."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[r"Timeout \d+ms exceeded"]))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `python3 run.py test` may be told."""
    group = parser.getgroup("dailies")
    group.addoption("--crash", type=int, default=20, metavar="N", help="kill the server N times (default: 20)")
    group.addoption(
        "--crash-seed", type=int, default=20261123, metavar="SEED", help="the chance the kills are drawn by"
    )
