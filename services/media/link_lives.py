"""What is learnt and known about links: noted as videos are fetched, asked by whoever must hurry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from db import link_lives
from db.database import Database
from db.records import Video
from services.clock import utc_now
from services.media.link_life import Expectation, expectation, host_of, next_look, stated_end, typical_seconds

RECENT = 30  # links of a host that its usual life is taken from: hosts change their minds
WATCHED = 2  # links of a host that are looked at again at a time: we are guests there
UNKNOWN_SECONDS = 3600.0  # for the order of fetching alone, and never shown (PROTOCOL 4.2: ten minutes to days)


@dataclass(frozen=True, slots=True)
class LinkLives:
    """The lives of links. `look_seconds`: age at which a kept link is first looked at again; 0: never."""

    database: Database
    look_seconds: float

    def worked(self, video: Video, url: str) -> None:
        """Note that a link worked just now; perhaps look at it again later, to learn how long it goes on."""
        now, host, end = utc_now(), host_of(url), stated_end(url)
        if not host:
            return
        with self.database.transaction() as session:
            known = typical_seconds(link_lives.of_host(session, video.owner, host, RECENT))
            room = self.look_seconds > 0 and end is None and link_lives.watched(session, video.owner, host) < WATCHED
            again = next_look(video.created_at, now, first_seconds=self.look_seconds, typical=known) if room else None
            link_lives.note_working(
                session,
                video_id=video.id,
                owner=video.owner,
                host=host,
                first_seen=video.created_at,
                at=now,
                expires_at=end,
                next_look_at=again,
            )

    def gone(self, video_id: str) -> None:
        """Note that a link was found gone; that teaches something only if it had worked before."""
        with self.database.transaction() as session:
            link_lives.note_gone(session, video_id, utc_now())

    def expect(self, owner: str, videos: Iterable[Video], base_url: str | None = None) -> dict[str, Expectation]:
        """Return what is expected of the links of these videos of one owner, by video id."""
        found: dict[str, Expectation] = {}
        typical: dict[str, float | None] = {}
        with self.database.reading() as session:
            for video in videos:
                url = urljoin(base_url, video.source_url) if base_url else video.source_url
                host = host_of(url)
                if host not in typical:
                    typical[host] = typical_seconds(link_lives.of_host(session, owner, host, RECENT)) if host else None
                found[video.id] = expectation(url, video.created_at, typical[host])
        return found

    def deadlines(self, videos: Iterable[Video]) -> dict[str, dt.datetime]:
        """Return by when each video should be fetched, whoever owns it; a guess where nothing is known."""
        guess = dt.timedelta(seconds=UNKNOWN_SECONDS)
        found: dict[str, dt.datetime] = {}
        for video in videos:
            expected = self.expect(video.owner, [video])[video.id]
            found[video.id] = expected.ends_at or video.created_at + guess
        return found
