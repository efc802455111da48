"""A person with films, in a house of their own; a second house to bring things into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.database import Database
from tests.media.films import shoot
from tests.postgres import database, database_url, postgres_server
from tests.takeaway.house import House

__all__ = ["database", "database_url", "postgres_server"]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real video of one second."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    shoot(path)
    return path


@pytest.fixture
def house(tmp_path: Path, film: Path) -> Iterator[House]:
    """Where things were made."""
    yield from _opened(tmp_path / "here", film)


@pytest.fixture
def other(tmp_path: Path, film: Path) -> Iterator[House]:
    """Where they are brought in."""
    yield from _opened(tmp_path / "there", film)


def _opened(home: Path, film: Path) -> Iterator[House]:
    home.mkdir()
    opened = Database(f"sqlite:///{home / 'dailies.db'}")
    opened.upgrade()
    yield House(opened, home, film)
    opened.close()
