"""A video that was brought home while nothing can be written is kept all the same: its link may be gone by then."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from db import videos
from db.database import Database
from db.states import VideoState
from services.media.keep import Keeper
from services.media.store import Store
from services.settings import Settings
from tests.db import rows
from tests.media.films import shoot
from tests.media.host import Call, Host, serving
from tests.trouble.means import locked
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


def test_a_lock_longer_than_the_store_waits_does_not_cost_a_video(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    database.upgrade()
    shoot(tmp_path / "film.mp4")
    let_go = threading.Event()
    with Host().running() as host:

        def after_a_while(call: Call) -> None:
            let_go.wait(60)
            serving((tmp_path / "film.mp4").read_bytes())(call)

        with database.transaction() as session:
            generation = rows.add(session, base_url=host.base_url)
            link = host.url("/a.mp4", after_a_while)
            videos.add(session, id="v1", owner="local", generation_id=generation.id, source_url=link, at=rows.NOW)
        settings = Settings(home=tmp_path, free_floor_bytes=0)
        keeper = Keeper(database, Store(tmp_path / "media"), settings, lambda _: (host.base_url, None))
        thread = threading.Thread(target=keeper.keep, args=("v1", "worker"))
        thread.start()
        wait_until(lambda: state(database) is VideoState.FETCHING)
        with locked(tmp_path / "dailies.db"):
            let_go.set()
            wait_until(lambda: database.standing.trouble is not None)
        thread.join(60)
        with database.reading() as session:
            video = videos.get(session, None, "v1")
        assert video is not None
        assert (video.state, video.error_message) == (VideoState.KEPT, None)
    database.close()


def state(database: Database) -> VideoState | None:
    with database.reading() as session:
        video = videos.get(session, None, "v1")
    return None if video is None else video.state
