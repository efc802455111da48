"""A running house of its own: everything behind the pages, its demo endpoint in a hurry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.runtime import Runtime, start
from services.settings import Settings
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A runtime that executes."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), demo_pace=0.05, undo_seconds=0.0, free_floor_bytes=0)
    runtime = start(settings)
    wait_until(runtime.health)
    yield runtime
    runtime.close()
