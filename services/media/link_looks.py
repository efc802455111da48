"""Looks again, now and then, at links whose file is safe: that is how a host's links teach how long they live."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from db import link_lives, videos
from db.database import Database
from db.records import LinkLife, Video
from db.trouble import StoreTrouble
from services.clock import utc_now
from services.errors import DailiesError
from services.media.fetch import FetchPolicy
from services.media.glance import glance
from services.media.keep import absolute
from services.media.link_life import next_look, typical_seconds
from services.media.link_lives import RECENT

EVERY_SECONDS = 60.0
AT_ONCE = 5
logger = logging.getLogger(__name__)


class LinkLooks:
    """One quiet thread of the executing process. `policy_of` gives a video's download policy and its base URL."""

    def __init__(
        self, database: Database, policy_of: Callable[[Video], tuple[FetchPolicy, str | None]], look_seconds: float
    ) -> None:
        self._database = database
        self._policy_of = policy_of
        self._look_seconds = look_seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        if look_seconds > 0:
            self._thread = threading.Thread(target=self._work, name="link-looks", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop, ending a look that is under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(3.0)

    def _work(self) -> None:
        while not self._stop.wait(min(EVERY_SECONDS, self._look_seconds)):
            try:
                self.look_around()
            except StoreTrouble as error:
                logger.warning("cannot look at links: %s", type(error).__name__)

    def look_around(self) -> int:
        """Look at what is due; return how many links."""
        with self._database.reading() as session:
            due = link_lives.due(session, utc_now(), AT_ONCE)
            found = [(life, videos.get(session, life.owner, life.video_id)) for life in due]
        for life, video in found:
            if self._stop.is_set():
                break
            self._look_at(life, video)
        return len(found)

    def _look_at(self, life: LinkLife, video: Video | None) -> None:
        works = None if video is None else self._glance(video)
        now = utc_now()
        with self._database.transaction() as session:
            if works is False:
                link_lives.note_gone(session, life.video_id, now)
                return
            typical = typical_seconds(link_lives.of_host(session, life.owner, life.host, RECENT))
            again = next_look(life.first_seen, now, first_seconds=self._look_seconds, typical=typical)
            if works:
                link_lives.note_look(session, life.video_id, now, again)
            else:  # a video that is no more need not be asked for
                link_lives.put_off(session, life.video_id, again if video else None)

    def _glance(self, video: Video) -> bool | None:
        try:
            policy, base_url = self._policy_of(video)
        except DailiesError:  # its endpoint or token is gone
            return None
        return glance(absolute(video.source_url, base_url), policy, [self._stop])
