"""Keep a video: claim its row, fetch the link, look at the file, note what it is. Free to repeat."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urljoin

from db import videos
from db.database import Database
from db.records import Video
from db.states import VideoState
from db.trouble import StoreTrouble, trouble_of
from services.errors import (
    CutShortError,
    DailiesError,
    LinkGoneError,
    MediaError,
    NotFoundError,
    SavingStoppedError,
    TooLargeError,
)
from services.media.deadline import Watch
from services.media.fetch import Fetched, FetchPolicy, Progress, fetch
from services.media.inspect import Inspection, inspect
from services.media.link_lives import LinkLives
from services.media.store import Store
from services.settings import Settings
from services.usage.freezing import at_kept_video

Access: TypeAlias = Callable[[str], tuple[str | None, str | None]]
"""Returns the base URL and token of a generation's endpoint. The token goes to that origin and nowhere else."""

WANTED_SECONDS = 1.0
AGAIN_SECONDS = 1.0
_T = TypeVar("_T")
_STOPPED = "video_stopped"
logger = logging.getLogger(__name__)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Keeper:
    """Fetches videos into the store, from any number of threads; one download a video, whoever asks."""

    def __init__(self, database: Database, store: Store, settings: Settings, access: Access) -> None:
        self._database = database
        self._store = store
        self._settings = settings
        self._access = access
        self._stop = threading.Event()
        self._running: dict[str, threading.Event] = {}
        self._lives = LinkLives(database, settings.link_look_seconds)

    def keep(self, video_id: str, worker: str, *, stop: threading.Event | None = None) -> Video:
        """Fetch one video and return its row; return at once if it is kept, or someone is at it.

        Raises:
            NotFoundError: there is no such video.
            MediaError: it could not be had, and the row says so; with code `video_stopped` (`stop` was set, or this
                keeper was closed) the row stays `fetching`, for `videos.abandon` at the next start.
        """
        stops = [self._stop] if stop is None else [self._stop, stop]
        if any(event.is_set() for event in stops):
            raise MediaError("stopped", code=_STOPPED)
        video = self._written(lambda session: videos.claim(session, video_id, worker))
        if video is None:
            return self._row(video_id)
        wanted_no_more = self._running[video_id] = threading.Event()
        try:
            fetched, found = self._bring(video, [*stops, wanted_no_more])
        except MediaError as error:
            if wanted_no_more.is_set():
                self._store.sweep_parts_of(video_id)
                raise SavingStoppedError("stopped by its owner") from error
            self._note_failure(video_id, error)
            self._learn(video, error)
            raise
        except OSError as error:  # not the network's: the folder itself cannot be used
            problem = MediaError("the video folder cannot be written")
            self._note_failure(video_id, problem)
            raise problem from error
        except Exception as error:  # whatever it was (a token that cannot be read): the row must not stay `fetching`
            problem = MediaError("the video could not be saved")
            self._note_failure(video_id, problem)
            raise problem from error
        finally:
            self._running.pop(video_id, None)
        sent = self._send_away(video, fetched)
        kept = self._note_kept(video, fetched, found)
        for path in sent:
            path.unlink(missing_ok=True)
        self._learn(video, None)
        return kept

    def stop(self, video_id: str) -> bool:
        """End one download within some 30 ms; False if it does not run here. What its row says is the caller's."""
        running = self._running.get(video_id)
        if running is None:
            return False
        running.set()
        return True

    def stop_all(self) -> None:
        """End every running download within some 30 ms and refuse new ones; rows stay `fetching`."""
        self._stop.set()

    def close(self) -> None:
        """End everything, as `stop_all` does."""
        self.stop_all()

    def _bring(self, video: Video, stops: list[threading.Event]) -> tuple[Fetched, Inspection]:
        policy, base_url = self.policy_of(video)
        watch = Watch(idle_seconds=policy.idle_seconds, total_seconds=policy.total_seconds, stops=stops)
        fetched = fetch(
            absolute(video.source_url, base_url),
            destination_folder=self._store.folder_of(video.id),
            name=video.id,
            policy=policy,
            on_progress=self._while_wanted(video.id),
            watch=watch,
        )
        try:
            return fetched, inspect(fetched.path, self._store.poster_path(video.id), stops=stops)
        except BaseException:
            fetched.path.unlink(missing_ok=True)
            raise

    def _send_away(self, video: Video, fetched: Fetched) -> list[Path]:
        """Send what was fetched to the object store, where there is one; return what it has for certain.

        What cannot be sent stays here and can be seen from here; within the hour it is tried again (away.py).
        """
        sent = []
        try:
            for path, sha256 in ((fetched.path, fetched.sha256), (self._store.poster_path(video.id), None)):
                if path.is_file() and self._store.send(path, sha256):
                    sent.append(path)
        except (MediaError, OSError) as error:
            logger.warning("a video stays in the data folder for now: %s", type(error).__name__)
        return sent

    def _while_wanted(self, video_id: str) -> Progress:
        """Look now and then whether its owner has stopped it in another process."""
        looked = time.monotonic()

        def look(received: int, total: int | None) -> None:
            nonlocal looked
            if time.monotonic() - looked < WANTED_SECONDS:
                return
            looked = time.monotonic()
            if self._row(video_id).state is not VideoState.FETCHING:
                self.stop(video_id)

        return look

    def policy_of(self, video: Video) -> tuple[FetchPolicy, str | None]:
        """Return the rules a video's link is opened under, and its endpoint's base URL."""
        base_url, token = self._access(video.generation_id)
        return self._policy(base_url, token), base_url

    def _learn(self, video: Video, error: MediaError | None) -> None:
        """Note what a download showed of its link's life; that is never worth failing for."""
        try:
            if isinstance(error, LinkGoneError):
                self._lives.gone(video.id)
            elif error is None or isinstance(error, (CutShortError, TooLargeError)):
                base_url, _ = self._access(video.generation_id)
                self._lives.worked(video, absolute(video.source_url, base_url))
        except (DailiesError, StoreTrouble) as trouble:
            logger.warning("nothing learnt of a link: %s", type(trouble).__name__)

    def _policy(self, base_url: str | None, token: str | None) -> FetchPolicy:
        settings = self._settings
        return FetchPolicy(
            trusted_origin=base_url,
            token=token,
            allow=settings.media_allow,
            video_hosts=settings.video_hosts,
            connect_seconds=settings.connect_seconds,
            idle_seconds=settings.fetch_idle_seconds,
            total_seconds=settings.fetch_total_seconds,
            max_bytes=settings.fetch_max_bytes,
            free_floor_bytes=settings.free_floor_bytes,
        )

    def _note_failure(self, video_id: str, error: MediaError) -> None:
        if error.code == _STOPPED:
            return
        self._written(lambda session: videos.failed(session, video_id, error.code, error.message))

    def _written(self, action: Callable[[Any], _T]) -> _T:
        """Write it down, however long the store is in trouble: the file is here, and its link may be gone by then."""
        while True:
            try:
                with self._database.transaction() as session:
                    return action(session)
            except StoreTrouble as error:
                if trouble_of(error) is None or self._stop.wait(AGAIN_SECONDS):
                    raise

    def _note_kept(self, video: Video, fetched: Fetched, found: Inspection) -> Video:
        def note(session: Any) -> bool:
            noted = videos.kept(
                session,
                video.id,
                sha256=fetched.sha256,
                media_type=fetched.media_type,
                size_bytes=fetched.size_bytes,
                duration_seconds=found.duration_seconds,
                width=found.width,
                height=found.height,
                poster=found.poster,
                at=dt.datetime.now(dt.UTC),
            )
            if noted:
                at_kept_video(session, video.generation_id, found.duration_seconds)
            return not noted and videos.is_stopped(session, video.id)

        if self._written(note):  # its owner did, in the last moment
            for path in (fetched.path, self._store.poster_path(video.id)):
                with suppress(MediaError):
                    self._store.forget(path)
        return self._row(video.id)

    def _row(self, video_id: str) -> Video:
        with self._database.reading() as session:
            video = videos.get(session, None, video_id)
        if video is None:
            raise NotFoundError("no such video")
        return video


def absolute(source_url: str, base_url: str | None) -> str:
    """Return the link to fetch: as written if it is whole, else below the endpoint; escapes stay as they are.

    >>> absolute("/files/a%2fb?sig=%7e", "https://api.example/v1")
    'https://api.example/files/a%2fb?sig=%7e'
    """
    if base_url is None or _ABSOLUTE.match(source_url):
        return source_url
    return urljoin(base_url, source_url)
