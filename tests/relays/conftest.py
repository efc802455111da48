"""A relay with a balance, real stores, and a person whose endpoint it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.runtime import ForPerson, Runtime, start
from services.settings import Settings
from tests.postgres import database, database_url, postgres_server
from tests.relays.account import AccountServer

__all__ = ["database", "database_url", "postgres_server"]


@pytest.fixture
def account() -> Iterator[AccountServer]:
    with AccountServer() as server:
        yield server


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Runtime]]:
    """Start a runtime on the test's folder; all of them are closed at its end."""
    with ExitStack() as stack:

        def begin(*, executes: bool = False, **settings: Any) -> Runtime:
            given = Settings(home=tmp_path, undo_seconds=0.0, free_floor_bytes=0)
            runtime = start(replace(given, **settings), executes=executes)
            stack.callback(runtime.close)
            return runtime

        yield begin


@pytest.fixture
def me(run: Callable[..., Runtime]) -> ForPerson:
    return run().for_person("local")
