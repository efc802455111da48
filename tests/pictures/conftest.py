"""A person's pictures on a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.pictures.kept import Pictures
from services.settings import Settings
from tests.backup.homes import open_home


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", backup_dir=tmp_path / "backups", undo_seconds=0.0, free_floor_bytes=0)


@pytest.fixture
def pictures(settings: Settings) -> Iterator[Pictures]:
    database = open_home(settings)
    yield Pictures("local", database, settings)
    database.close()
