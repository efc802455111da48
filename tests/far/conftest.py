"""A runtime whose videos lie in a real object store, and our routes before it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.shared.runtime import close_runtime, get_runtime
from services.runtime import Runtime
from services.settings import Settings
from tests.backup.homes import keep_video, open_home
from tests.object_store import ObjectStore, media_url, object_store
from tests.pages.conftest import filmed, me, site

__all__ = ["filmed", "me", "media_url", "object_store", "site"]


@pytest.fixture(scope="package")
def runtime(object_store: ObjectStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """Everything behind the pages, for real."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DAILIES_")]:
            patch.delenv(name)
        patch.setenv("DAILIES_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("DAILIES_MEDIA_URL", f"s3://films/{uuid.uuid4().hex}")
        patch.setenv("DAILIES_DEMO_PACE", "0.05")
        yield get_runtime()
        close_runtime()


@pytest.fixture
def filled(tmp_path: Path, media_url: str) -> Settings:
    """A stopped data folder with two kept videos in it, and an empty object store named."""
    settings = Settings(home=tmp_path / "home", media_url=media_url, undo_seconds=0.0, free_floor_bytes=0)
    database = open_home(settings)
    for _ in range(2):
        keep_video(database, settings.home)
    database.close()
    return settings
