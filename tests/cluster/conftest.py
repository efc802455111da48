"""One Postgres database, one relay and the workers on them, for all tests of a module."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.cluster.machines import Cluster
from tests.crash.conftest import film
from tests.crash.relay import Relay
from tests.postgres import PostgresServer, postgres_server

__all__ = ["film", "postgres_server"]


@pytest.fixture(scope="module")
def relay(film: bytes) -> Iterator[Relay]:
    with Relay(film).running() as running:
        yield running


@pytest.fixture(scope="module")
def cluster(
    postgres_server: PostgresServer, relay: Relay, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """Nothing runs in it yet but this process, which shows and submits."""
    name = f"cluster_{uuid.uuid4().hex}"
    postgres_server.execute(f"CREATE DATABASE {name}")
    with Cluster(postgres_server.url(name), tmp_path_factory.mktemp("cluster"), relay.base_url) as running:
        yield running
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def nothing_held(relay: Relay) -> Iterator[None]:
    """Let go what a test held back, however it ended."""
    yield
    relay.let_go()
