"""Options of the long suites, one browser for all, and a second go where a browser waited in vain."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.pages.browsing import DESK, system_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WAITED_IN_VAIN = (
    r"Timeout \d+ms exceeded",  # Playwright: of an action, of a wait
    r"with timeout \d+ms",  # Playwright's `expect`
    r"not so within",  # `tests.waiting.wait_until`
    r"strict mode violation",  # while Streamlit draws anew an element may stand there twice
    r"Execution context was destroyed",  # the page went away while it was looked at
)
FAILED = pytest.StashKey[bool]()

# An example that takes long says only that the machine is busy; all else is as Hypothesis has it here (CI: no chance).
settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser: one for all tests, for Playwright allows one loop a process."""
    with system_chromium() as browser:
        yield browser


@pytest.fixture
def profile(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser profile of its own; all of them are closed at the end, however it comes."""
    with ExitStack() as stack:

        def begin(**look: Any) -> Page:
            context = chromium.new_context(**{"viewport": DESK, "locale": "en-US"} | look)
            stack.callback(context.close)
            return context.new_page()

        yield begin


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give a browser that did not see in time what it waited for a second go; a wrong answer gets none.

    Side by side the slow files go first, or at the end one worker would have three of them and the others nothing.
    """
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=list(WAITED_IN_VAIN)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether it failed, for what is cleared away after it."""
    report = yield
    if report.when != "teardown":
        item.stash[FAILED] = report.failed
    return report


@pytest.hookimpl(tryfirst=True)  # before the plugin that runs it again puts aside what the file shares
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """After a browser's failure end the server that its file shares: the second go, and the next test, begin anew."""
    module = item.getparent(pytest.Module)
    if item.stash.get(FAILED, False) and item.get_closest_marker("browser") and module is not None:
        item.session._setupstate.teardown_exact(module.parent)  # type: ignore[arg-type]  # a node will do


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `python3 run.py test` may be told."""
    group = parser.getgroup("dailies")
    group.addoption("--crash", type=int, default=20, metavar="N", help="kill the server N times (default: 20)")
    group.addoption(
        "--crash-seed", type=int, default=20261123, metavar="SEED", help="the chance the kills are drawn by"
    )
