"""A host, a film, and a policy with limits in tenths of seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from services.media.fetch import FetchPolicy
from tests.media.films import shoot
from tests.media.host import Host

MakePolicy: TypeAlias = Callable[..., FetchPolicy]


@pytest.fixture
def host() -> Iterator[Host]:
    with Host().running() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Host]:
    """Another host, on a port that nobody allowed."""
    with Host().running() as running:
        yield running


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    shoot(path)
    return path


@pytest.fixture
def policy(host: Host) -> MakePolicy:
    """Make a policy that may reach `host`, and whatever else is said."""

    def make(**changes: Any) -> FetchPolicy:
        usual: dict[str, Any] = {
            "allow": frozenset({("127.0.0.1", host.port)}),
            "connect_seconds": 2.0,
            "idle_seconds": 5.0,
            "total_seconds": 10.0,
            "max_bytes": 1_000_000,
        }
        return FetchPolicy(**(usual | changes))

    return make
