"""A real runtime on a folder of its own, pointed at a relay of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.runtime import ForPerson, Runtime, start
from services.settings import Settings
from tests.jobs.relay import Relay
from tests.other_store import other_store
from tests.postgres import database, database_url, postgres_server

__all__ = ["database", "database_url", "postgres_server"]


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay().running() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, relay: Relay) -> Iterator[Callable[..., Runtime]]:
    """Start a runtime on the test's folder; all of them are closed at its end."""
    with ExitStack() as stack:
        store = stack.enter_context(other_store())

        def begin(*, executes: bool = True, **settings: Any) -> Runtime:
            given = Settings(
                home=tmp_path, base_url=relay.base_url, database_url=store, undo_seconds=0.0, free_floor_bytes=0
            )
            runtime = start(replace(given, **settings), executes=executes)
            stack.callback(runtime.close)
            return runtime

        yield begin


@pytest.fixture
def me(run: Callable[..., Runtime]) -> ForPerson:
    return run().for_person("local")
