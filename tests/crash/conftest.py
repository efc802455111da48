"""A relay with a real film, and servers that do not outlive their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crash.lateness import Lateness
from tests.crash.relay import Relay
from tests.crash.server import Server
from tests.media.films import shoot

FREE_BYTES = 400_000  # a film of some size: half of it fits in no buffer on the way


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real film of one second, with room left at its end."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    shoot(path)
    return path.read_bytes() + (FREE_BYTES + 8).to_bytes(4, "big") + b"free" + bytes(FREE_BYTES)


@pytest.fixture
def relay(film: bytes) -> Iterator[Relay]:
    with Relay(film).running() as running:
        yield running


@pytest.fixture
def serve(tmp_path: Path, relay: Relay) -> Iterator[Callable[..., Server]]:
    """Prepare a server on the test's folder, with these settings; it is killed at the end if it still lives."""
    with ExitStack() as stack:

        def prepare(home: Path = tmp_path / "home", **settings: object) -> Server:
            environment = {f"DAILIES_{name.upper()}": str(value) for name, value in settings.items()}
            return stack.enter_context(Server(home, relay.base_url, environment))

        yield prepare


@pytest.fixture
def lateness() -> Iterator[Lateness]:
    """How late the machine is while the test runs."""
    with Lateness().measuring() as measuring:
        yield measuring
