"""Options of the long suites: each has a short seeded form in the test command and a long one to publish figures of."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `python3 run.py test` may be told."""
    group = parser.getgroup("dailies")
    group.addoption("--crash", type=int, default=20, metavar="N", help="kill the server N times (default: 20)")
    group.addoption(
        "--crash-seed", type=int, default=20261123, metavar="SEED", help="the chance the kills are drawn by"
    )
