"""Downloads from hosts that misbehave: what is kept is whole, and what is not kept leaves nothing behind."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.errors import (
    CutShortError,
    FetchTimeoutError,
    LinkGoneError,
    MediaError,
    NoRoomError,
    NotAVideoError,
    TooLargeError,
)
from services.media.deadline import Watch
from services.media.fetch import fetch
from services.settings import Settings
from tests.media.bringing import PAGE, VIDEO, WEBM, bring, failure, names
from tests.media.conftest import MakePolicy
from tests.media.elsewhere import begin
from tests.media.films import shell
from tests.media.host import (
    Call,
    Host,
    Scenario,
    chunked,
    claiming,
    dripping,
    endless,
    redirecting,
    refusing,
    serving,
    unmeasured,
)
from tests.ports import free_port
from tests.waiting import SOON_SECONDS, wait_until


@pytest.mark.parametrize("scenario", [serving(VIDEO), chunked(VIDEO), unmeasured(VIDEO)])
def test_a_whole_video_is_kept_under_its_id(scenario: Scenario, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    fetched = bring(host.url("/v", scenario), tmp_path, policy())
    assert fetched.path == tmp_path / "v1.mp4"
    assert fetched.path.read_bytes() == VIDEO
    assert fetched.sha256 == hashlib.sha256(VIDEO).hexdigest()
    assert (fetched.size_bytes, fetched.media_type) == (len(VIDEO), "video/mp4")
    assert names(tmp_path) == ["v1.mp4"]
    assert host.connections == 1


def test_a_list_of_hosts_narrows_what_is_fetched_at_every_hop(
    host: Host, other: Host, policy: MakePolicy, tmp_path: Path
) -> None:
    """`127.0.0.1` may be dialled in these tests; only the list keeps the download away."""
    listed = Settings.from_environment({"DAILIES_VIDEO_HOSTS": " 127.0.0.1, *.cdn.example "}).video_hosts
    assert listed == ("127.0.0.1", ".cdn.example")
    assert bring(host.url("/v", serving(VIDEO)), tmp_path, policy(video_hosts=listed)).size_bytes == len(VIDEO)

    unlisted = policy(video_hosts=("cdn.example",))
    assert failure(host.url("/w", serving(VIDEO)), tmp_path, unlisted).code == "video_address_refused"
    elsewhere = redirecting(f"http://localhost:{other.port}/v")
    hop = policy(video_hosts=listed, allow=frozenset({("127.0.0.1", host.port), ("localhost", other.port)}))
    assert failure(host.url("/x", elsewhere), tmp_path, hop).code == "video_address_refused"
    assert (host.connections, other.connections) == (2, 0)


@pytest.mark.parametrize("kind", ["video/mp4", "application/octet-stream", "binary/octet-stream", "VIDEO/WebM; x=y"])
def test_the_type_is_what_the_bytes_show(kind: str, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    fetched = bring(host.url("/v", serving(WEBM, kind=kind)), tmp_path, policy())
    assert (fetched.path.name, fetched.media_type) == ("v1.webm", "video/webm")


@pytest.mark.parametrize(
    ("scenario", "kind", "code"),
    [
        pytest.param(refusing("404 Not Found"), LinkGoneError, "video_link_gone", id="video-404"),
        pytest.param(refusing("410 Gone"), LinkGoneError, "video_link_gone", id="410"),
        pytest.param(refusing("403 Forbidden"), LinkGoneError, "video_link_expired", id="video-403-expired"),
        pytest.param(refusing("429 Slow Down"), MediaError, "video_host_error", id="429"),
        pytest.param(refusing("503 Later"), MediaError, "video_host_error", id="503"),
        pytest.param(serving(VIDEO, status="206 Partial"), MediaError, "video_host_error", id="206-unasked"),
        pytest.param(claiming(len(VIDEO), VIDEO[:2000]), CutShortError, "video_cut_short", id="video-truncated"),
        pytest.param(chunked(VIDEO[:2000], ends=False), CutShortError, "video_cut_short", id="chunks-cut"),
        pytest.param(unmeasured(VIDEO[:2000]), CutShortError, "video_cut_short", id="cut-without-length"),
        pytest.param(serving(PAGE, kind="text/html"), NotAVideoError, "video_not_a_video", id="video-html-200"),
        pytest.param(serving(PAGE), NotAVideoError, "video_not_a_video", id="video-html-labelled-mp4"),
        pytest.param(endless(PAGE), NotAVideoError, "video_not_a_video", id="html-without-end"),
        pytest.param(serving(b"tiny"), NotAVideoError, "video_not_a_video", id="tiny"),
        pytest.param(serving(b""), NotAVideoError, "video_not_a_video", id="empty"),
        pytest.param(claiming(10**13, VIDEO), TooLargeError, "video_too_large", id="video-declared-10TB"),
        pytest.param(endless(VIDEO[:100]), TooLargeError, "video_too_large", id="video-never-ending"),
        pytest.param(
            serving(gzip.compress(VIDEO), "Content-Encoding: gzip"),
            NotAVideoError,
            "video_coded",
            id="video-gzip-coded",
        ),
        pytest.param(endless(b"", "Content-Length: 1e9"), MediaError, "video_host_error", id="senseless-length"),
        pytest.param(redirecting(""), MediaError, "video_host_error", id="redirect-to-nowhere"),
        pytest.param(lambda call: call.send(b"220 ready\r\n"), MediaError, "video_unreachable", id="no-http"),
        pytest.param(lambda call: None, MediaError, "video_unreachable", id="closes-at-once"),
    ],
)
def test_a_bad_answer_says_why_and_leaves_nothing(
    scenario: Scenario, kind: type[MediaError], code: str, host: Host, policy: MakePolicy, tmp_path: Path
) -> None:
    error = failure(host.url("/v", scenario), tmp_path, policy())
    assert (type(error), error.code) == (kind, code)
    assert names(tmp_path) == []
    assert len(host.requests) == 1


def test_nothing_of_a_video_declared_too_large_is_taken(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    def answer(call: Call) -> None:
        call.head("200 OK", "Content-Type: video/mp4", f"Content-Length: {10**13}")
        call.pause()

    began = time.monotonic()
    error = failure(host.url("/v", answer), tmp_path, policy())
    assert isinstance(error, TooLargeError)
    assert time.monotonic() - began < SOON_SECONDS


def test_a_host_that_is_not_there_is_unreachable(policy: MakePolicy, tmp_path: Path) -> None:
    port = free_port()
    error = failure(f"http://127.0.0.1:{port}/v", tmp_path, policy(allow=frozenset({("127.0.0.1", port)})))
    assert (error.code, error.retry) == ("video_unreachable", True)


def test_a_byte_now_and_then_ends_at_the_total_limit(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    url, began = host.url("/v", dripping(VIDEO, 0.03)), time.monotonic()
    error = failure(url, tmp_path, policy(total_seconds=0.6))
    assert 0.5 < time.monotonic() - began < SOON_SECONDS
    assert isinstance(error, FetchTimeoutError)
    assert error.message == "the host was too slow"
    assert names(tmp_path) == []


def _silent(call: Call) -> None:
    call.pause()


def _in_head(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nContent-")
    call.pause()


@pytest.mark.parametrize("scenario", [claiming(len(VIDEO), VIDEO[:900], stalls=True), _silent, _in_head])
def test_silence_ends_at_the_idle_limit(scenario: Scenario, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    url, began = host.url("/v", scenario), time.monotonic()
    error = failure(url, tmp_path, policy(idle_seconds=0.3))
    assert 0.25 < time.monotonic() - began < SOON_SECONDS
    assert isinstance(error, FetchTimeoutError)
    assert error.message == "the host fell silent"
    assert names(tmp_path) == []


def test_a_host_that_takes_no_connection_ends_at_the_idle_limit(policy: MakePolicy, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        port = full.getsockname()[1]
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        began = time.monotonic()
        limits = policy(allow=frozenset({("127.0.0.1", port)}), idle_seconds=0.3, connect_seconds=60.0)
        error = failure(f"http://127.0.0.1:{port}/v", tmp_path, limits)
        assert time.monotonic() - began < SOON_SECONDS
    assert isinstance(error, FetchTimeoutError)


def test_someone_else_may_stop_it(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    limits, stop = policy(), threading.Event()
    watch = Watch(idle_seconds=9, total_seconds=9, stops=[stop])
    url = host.url("/v", claiming(len(VIDEO), VIDEO[:900], stalls=True))
    stopped_at: list[float] = []

    def stop_it() -> None:
        wait_until(lambda: host.requests)
        stopped_at.append(time.monotonic())
        stop.set()

    helper = threading.Thread(target=stop_it)
    helper.start()
    with pytest.raises(MediaError) as caught:
        fetch(url, destination_folder=tmp_path, name="v1", policy=limits, watch=watch)
    ended_at = time.monotonic()
    helper.join()
    assert caught.value.code == "video_stopped"
    assert ended_at - stopped_at[0] < SOON_SECONDS
    assert names(tmp_path) == []


def test_a_full_disk_says_so_and_leaves_nothing(host: Host, tmp_path: Path) -> None:
    url = host.url("/v", serving(shell(2_000_000), 'ETag: "one"'))
    with begin(url, tmp_path, "v1", largest_bytes=500_000) as child:
        said, _ = child.communicate(timeout=120)
    assert said == "video_no_room"
    assert names(tmp_path) == []


def test_the_last_room_on_the_disk_is_not_for_videos(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    error = failure(host.url("/v", serving(VIDEO)), tmp_path, policy(free_floor_bytes=2**60))
    assert isinstance(error, NoRoomError)
    assert names(tmp_path) == []


@pytest.mark.parametrize("path", ["/../../../etc/evil.sh", "/%2e%2e%2f%2e%2e%2fevil", "/evil%00.mp4", "/C:%5Cevil"])
def test_no_text_from_outside_becomes_a_name(path: str, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    given = 'Content-Disposition: attachment; filename="../../evil.sh"'
    bring(host.url(path, serving(VIDEO, given)), tmp_path / "in", policy())
    assert names(tmp_path) == ["in", "v1.mp4"]


def test_millions_of_tiny_boxes_do_not_keep_us_busy(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    body = VIDEO[:24] + b"\0\0\0\x08free" * 1_000_000
    began = time.process_time()
    bring(host.url("/v", unmeasured(body)), tmp_path, policy(max_bytes=10**8))
    assert time.process_time() - began < 2.0


def test_progress_is_told(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    note: Callable[[int, int | None], None] = lambda done, total: told.append((done, total))  # noqa: E731  # a name for mypy
    url = host.url("/v", serving(VIDEO))
    fetch(url, destination_folder=tmp_path, name="v1", policy=policy(), on_progress=note)
    assert told[-1] == (len(VIDEO), len(VIDEO))


def test_nothing_stays_open(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("no /proc here")
    serve, cut = host.url("/v", serving(VIDEO)), host.url("/cut", claiming(9999, VIDEO))
    bring(serve, tmp_path, policy())
    before, threads = len(list(folder.iterdir())), threading.active_count()
    for _ in range(5):
        bring(serve, tmp_path, policy())
        failure(cut, tmp_path, policy())
    wait_until(lambda: len(list(folder.iterdir())) <= before and threading.active_count() <= threads)
