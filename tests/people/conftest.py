"""The store's fixtures, and a team in a real server behind a real OpenID provider on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people.team import Team, running_team
from tests.postgres import database, database_url, postgres_server

__all__ = ["database", "database_url", "postgres_server"]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A server where Ann administers; whoever else signs in has to be let in."""
    home: Path = tmp_path_factory.mktemp("home")
    with running_team(home) as running:
        yield running
