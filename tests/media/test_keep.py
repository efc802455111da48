"""A video's whole way: a row, a download, a look, a file."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from db import videos
from db.database import Database
from db.records import Video
from db.states import VideoState
from services.errors import (
    CutShortError,
    LinkGoneError,
    MediaError,
    NotAVideoError,
    NotFoundError,
    SecretError,
)
from services.media.keep import Access, Keeper
from services.media.store import Store
from services.settings import Settings
from tests.db import rows
from tests.media.films import HEIGHT, WIDTH, shell
from tests.media.host import Call, Host, claiming, redirecting, refusing, serving
from tests.waiting import SOON_SECONDS, wait_until

AddVideo: TypeAlias = Callable[[str], str]
MakeKeeper: TypeAlias = Callable[..., Keeper]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def add(database: Database, host: Host) -> AddVideo:
    """Note a link of an answer; return the video's id."""

    def note(link: str) -> str:
        with database.transaction() as session:
            generation = rows.add(session, base_url=host.base_url)
            id = uuid.uuid4().hex
            videos.add(session, id=id, owner="local", generation_id=generation.id, source_url=link, at=rows.NOW)
        return id

    return note


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


@pytest.fixture
def make(database: Database, host: Host, store: Store, tmp_path: Path) -> MakeKeeper:
    """Make a keeper; the endpoint is `host` itself unless `access` says otherwise."""

    def begin(access: Access | None = None, **changes: Any) -> Keeper:
        usual: dict[str, Any] = {
            "home": tmp_path,
            "fetch_idle_seconds": 8.0,
            "fetch_total_seconds": 16.0,
            "free_floor_bytes": 0,
        }
        return Keeper(
            database, store, Settings(**(usual | changes)), access or (lambda id: (host.base_url, "sk-canary"))
        )

    return begin


def row(database: Database, id: str) -> Video:
    with database.reading() as session:
        found = videos.get(session, "local", id)
    assert found is not None
    return found


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "media").rglob("*.*"))


def gate(body: bytes) -> tuple[Callable[[Call], None], threading.Event]:
    """Return a scenario that answers once the event is set."""
    go = threading.Event()

    def answer(call: Call) -> None:
        go.wait(120)
        serving(body)(call)

    return answer, go


def test_a_video_is_kept_with_all_there_is_to_know(
    database: Database, host: Host, add: AddVideo, make: MakeKeeper, store: Store, film: Path, tmp_path: Path
) -> None:
    body = film.read_bytes()
    id = add(host.url("/v.mp4", serving(body)))
    video = make().keep(id, "w1")
    assert video == row(database, id)
    assert (video.state, video.attempts, video.error_code) == (VideoState.KEPT, 1, None)
    assert (video.media_type, video.size_bytes) == ("video/mp4", len(body))
    assert video.sha256 == hashlib.sha256(body).hexdigest()
    assert (video.width, video.height, video.poster) == (WIDTH, HEIGHT, True)
    assert video.duration_seconds == pytest.approx(1.0, abs=0.1)
    assert video.kept_at is not None
    assert store.video_path(id, "video/mp4").read_bytes() == body
    assert store.poster_path(id).read_bytes().startswith(b"\xff\xd8\xff")
    assert files(tmp_path) == [f"{id}.jpg", f"{id}.mp4"]


def test_a_kept_video_is_not_fetched_again(host: Host, add: AddVideo, make: MakeKeeper, film: Path) -> None:
    id = add(host.url("/v.mp4", serving(film.read_bytes())))
    first = make().keep(id, "w1")
    assert make().keep(id, "w2") == first
    assert len(host.requests) == 1


def test_a_link_without_a_host_is_the_endpoints(host: Host, add: AddVideo, make: MakeKeeper, film: Path) -> None:
    host.paths["/files/a%2Fb"] = serving(film.read_bytes())
    assert make().keep(add("/files/a%2Fb?sig=%2B"), "w1").state == VideoState.KEPT
    assert host.requests[0].target == "/files/a%2Fb?sig=%2B"
    assert host.requests[0].headers["authorization"] == "Bearer sk-canary"


def test_the_token_stays_with_the_endpoint(
    host: Host, other: Host, add: AddVideo, make: MakeKeeper, film: Path
) -> None:
    link = other.url("/v.mp4", serving(film.read_bytes()))
    make(media_allow=frozenset({("127.0.0.1", other.port)})).keep(add(link), "w1")
    host.paths["/go"] = redirecting(link)
    make(media_allow=frozenset({("127.0.0.1", other.port)})).keep(add(f"{host.base_url}/go"), "w1")
    assert [seen.headers.get("authorization") for seen in other.requests] == [None, None]


@pytest.mark.parametrize(
    ("scenario", "kind", "code", "retry"),
    [
        (refusing("404 Not Found"), LinkGoneError, "video_link_gone", False),
        (refusing("500 Oops"), MediaError, "video_host_error", True),
        (claiming(9000, shell()), CutShortError, "video_cut_short", True),
        (serving(shell()), NotAVideoError, "video_not_a_video", False),
    ],
    ids=["gone", "host error", "cut", "no video inside"],
)
def test_a_failure_is_noted_and_raised(
    scenario: Callable[[Call], None],
    kind: type[MediaError],
    code: str,
    retry: bool,
    database: Database,
    host: Host,
    add: AddVideo,
    make: MakeKeeper,
    tmp_path: Path,
) -> None:
    id = add(host.url("/v.mp4", scenario))
    with pytest.raises(kind) as caught:
        make().keep(id, "w1")
    assert (caught.value.code, caught.value.retry) == (code, retry)
    noted = row(database, id)
    assert (noted.state, noted.error_code, noted.error_message) == (VideoState.FAILED, code, caught.value.message)
    assert files(tmp_path) == []


def test_after_a_failure_it_may_be_fetched_again(
    database: Database, host: Host, add: AddVideo, make: MakeKeeper, film: Path
) -> None:
    body = film.read_bytes()
    id = add(host.url("/v.mp4", claiming(len(body), body[:700])))
    with pytest.raises(CutShortError):
        make().keep(id, "w1")
    host.url("/v.mp4", serving(body))
    video = make().keep(id, "w1")
    assert (video.state, video.attempts, video.error_code, video.error_message) == (VideoState.KEPT, 2, None, None)


def test_two_keepers_at_once_are_one_download(
    database: Database, host: Host, add: AddVideo, make: MakeKeeper, film: Path
) -> None:
    scenario, go = gate(film.read_bytes())
    id = add(host.url("/v.mp4", scenario))
    seen: list[Video] = []
    threads = [threading.Thread(target=lambda: seen.append(make().keep(id, "w"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(seen) == 5)
    assert {video.state for video in seen} == {VideoState.FETCHING}
    go.set()
    for thread in threads:
        thread.join()
    assert row(database, id).state == VideoState.KEPT
    assert (host.connections, row(database, id).attempts) == (1, 1)


def test_stopping_is_quick_and_leaves_the_row_for_the_next_start(
    database: Database, host: Host, add: AddVideo, make: MakeKeeper, film: Path, tmp_path: Path
) -> None:
    body = film.read_bytes()
    id = add(host.url("/v.mp4", claiming(len(body), body[:700], stalls=True)))
    keeper, raised = make(), []

    def keep() -> None:
        try:
            keeper.keep(id, "w1")
        except MediaError as error:
            raised.append(error.code)

    thread = threading.Thread(target=keep)
    thread.start()
    wait_until(lambda: host.requests)
    began = time.monotonic()
    keeper.stop_all()
    assert time.monotonic() - began < SOON_SECONDS
    thread.join(60)
    assert time.monotonic() - began < SOON_SECONDS
    assert raised == ["video_stopped"]
    assert (row(database, id).state, files(tmp_path)) == (VideoState.FETCHING, [])
    with pytest.raises(MediaError) as caught:
        keeper.keep(id, "w1")
    assert caught.value.code == "video_stopped"
    with database.transaction() as session:
        assert videos.abandon(session, "w1") == [id]
    host.url("/v.mp4", serving(body))
    assert make().keep(id, "w2").state == VideoState.KEPT


def test_one_download_may_be_stopped_alone(
    database: Database, host: Host, add: AddVideo, make: MakeKeeper, film: Path
) -> None:
    stop = threading.Event()
    stop.set()
    id = add(host.url("/v.mp4", serving(film.read_bytes())))
    keeper = make()
    with pytest.raises(MediaError):
        keeper.keep(id, "w1", stop=stop)
    assert (row(database, id).state, host.connections) == (VideoState.PENDING, 0)
    assert keeper.keep(id, "w1").state == VideoState.KEPT


def test_a_token_that_cannot_be_read_fails_the_video_and_not_for_ever(
    database: Database, host: Host, add: AddVideo, make: MakeKeeper
) -> None:
    def unreadable(generation_id: str) -> tuple[str | None, str | None]:
        raise SecretError("another key")

    id = add(host.url("/v.mp4", serving(shell())))
    with pytest.raises(MediaError):
        make(unreadable).keep(id, "w1")
    assert (row(database, id).state, row(database, id).error_code) == (VideoState.FAILED, "video_failed")
    assert host.connections == 0


def test_a_folder_that_cannot_be_made_fails_the_video(
    database: Database, host: Host, add: AddVideo, make: MakeKeeper, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    id = add(host.url("/v.mp4", serving(shell())))
    with pytest.raises(MediaError):
        make().keep(id, "w1")
    assert row(database, id).state == VideoState.FAILED


def test_no_such_video(make: MakeKeeper) -> None:
    with pytest.raises(NotFoundError):
        make().keep("nobody", "w1")
