"""A filled data folder, its backups beside it, and a relay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.settings import Settings
from tests.backup.homes import keep_video, open_home
from tests.jobs.relay import Relay


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay().running() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty data folder whose backups lie outside of it, as on another disk."""
    return Settings(home=tmp_path / "home", backup_dir=tmp_path / "backups", undo_seconds=0.0, free_floor_bytes=0)


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """A stopped data folder with three kept videos."""
    database = open_home(settings)
    for _ in range(3):
        keep_video(database, settings.home)
    database.close()
    return settings
