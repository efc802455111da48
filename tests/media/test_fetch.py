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
    AddressRefusedError,
    CutShortError,
    FetchTimeoutError,
    LinkGoneError,
    MediaError,
    NoRoomError,
    NotAVideoError,
    TooLargeError,
)
from services.media.deadline import Watch
from services.media.fetch import Fetched, FetchPolicy, fetch
from services.media.part import PartFile
from services.settings import Settings
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
    ranged,
    redirecting,
    refusing,
    serving,
    unmeasured,
)
from tests.waiting import wait_until

VIDEO = shell()
PAGE = b"<!doctype html><title>Sign in</title>" + b" " * 200
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 100


def bring(url: str, folder: Path, policy: FetchPolicy) -> Fetched:
    return fetch(url, destination_folder=folder, name="v1", policy=policy)


def failure(url: str, folder: Path, policy: FetchPolicy) -> MediaError:
    with pytest.raises(MediaError) as caught:
        bring(url, folder, policy)
    return caught.value


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


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
    assert time.monotonic() - began < 2.0


def test_a_host_that_is_not_there_is_unreachable(policy: MakePolicy, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/v", tmp_path, policy(allow=frozenset({("127.0.0.1", port)})))
    assert (error.code, error.retry) == ("video_unreachable", True)


def test_a_byte_now_and_then_ends_at_the_total_limit(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    url, began = host.url("/v", dripping(VIDEO, 0.03)), time.monotonic()
    error = failure(url, tmp_path, policy(total_seconds=0.6))
    assert 0.5 < time.monotonic() - began < 2.0
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
    assert 0.25 < time.monotonic() - began < 2.0
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
        limits = policy(allow=frozenset({("127.0.0.1", port)}), idle_seconds=0.3, connect_seconds=5.0)
        error = failure(f"http://127.0.0.1:{port}/v", tmp_path, limits)
        assert time.monotonic() - began < 2.0
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
    assert ended_at - stopped_at[0] < 0.5
    assert names(tmp_path) == []


def _chain(host: Host, redirects: int) -> str:
    host.paths["/0"] = serving(VIDEO)
    for number in range(1, redirects + 1):
        host.paths[f"/{number}"] = redirecting(f"/{number - 1}")
    return f"{host.base_url}/{redirects}"


def test_five_redirects_are_followed(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    assert bring(_chain(host, 5), tmp_path, policy()).size_bytes == len(VIDEO)


def test_the_sixth_is_not(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    error = failure(_chain(host, 6), tmp_path, policy())
    assert (type(error), error.code) == (LinkGoneError, "video_redirects")
    assert len(host.requests) == 6
    assert names(tmp_path) == []


def test_a_redirect_loop_ends(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    assert failure(host.url("/v", redirecting("/v")), tmp_path, policy()).code == "video_redirects"
    assert len(host.requests) == 6


@pytest.mark.parametrize("location", ["next", "?v=next", "/next", "//{netloc}/next", "http://{netloc}/next"])
def test_a_redirect_may_be_written_in_any_way(location: str, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    host.paths["/next"] = host.paths["/start"] = serving(VIDEO)

    def answer(call: Call) -> None:
        go = redirecting(location.format(netloc=f"127.0.0.1:{host.port}"))
        (go if call.seen.target == "/start" else serving(VIDEO))(call)

    assert bring(host.url("/start", answer), tmp_path, policy()).size_bytes == len(VIDEO)
    assert len(host.requests) == 2


def test_the_body_of_a_redirect_is_never_read(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    host.paths["/v"] = serving(VIDEO)
    url = host.url("/bomb", endless(b"", "Location: /v", "Content-Encoding: gzip", status="302 Found"))
    assert bring(url, tmp_path, policy()).size_bytes == len(VIDEO)
    assert host.calls[0].sent < 32 * 1024 * 1024  # what the two sockets hold


def test_a_redirect_to_another_port_of_this_machine_reaches_nothing(
    host: Host, other: Host, policy: MakePolicy, tmp_path: Path
) -> None:
    for url in (f"{other.base_url}/secret", f"http://localhost:{other.port}/", f"http://[::1]:{other.port}/"):
        error = failure(host.url("/v", redirecting(url)), tmp_path, policy())
        assert isinstance(error, AddressRefusedError)
    assert other.connections == 0


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/v", "data:video/mp4,x", "gopher://127.0.0.1/"])
def test_a_redirect_to_another_scheme_is_refused(url: str, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    assert isinstance(failure(host.url("/v", redirecting(url)), tmp_path, policy()), AddressRefusedError)
    assert len(host.requests) == 1


def test_the_token_goes_to_the_endpoint_and_nowhere_else(
    host: Host, other: Host, policy: MakePolicy, tmp_path: Path
) -> None:
    other.paths["/v"] = serving(VIDEO)
    host.paths["/two"] = redirecting(f"{other.base_url}/v", "Set-Cookie: b=2")
    url = host.url("/one", redirecting("/two", "Set-Cookie: a=1; Path=/"))
    allow = frozenset({("127.0.0.1", other.port)})
    bring(url, tmp_path, policy(trusted_origin=f"{host.base_url}/v1", token="sk-canary", allow=allow))
    assert [seen.headers.get("authorization") for seen in host.requests] == ["Bearer sk-canary"] * 2
    assert "authorization" not in other.requests[0].headers
    assert not any("cookie" in seen.headers for seen in (*host.requests, *other.requests))
    assert "sk-canary" not in repr(policy(token="sk-canary"))


def test_neither_netrc_nor_proxy_from_the_environment_counts(
    host: Host, policy: MakePolicy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    bring(host.url("/v", serving(VIDEO)), tmp_path / "to", policy())
    assert "authorization" not in host.requests[0].headers


SIGNED = "/a%2Fb%2fc%7Ed/../e;x?sig=%2F%2B%3d&t=a+b~&q=%E6%97%A5&r=[1]|{2}"


def test_a_signed_link_arrives_as_it_was_written(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    host.paths[SIGNED.partition("?")[0]] = serving(VIDEO)
    host.paths["/go"] = redirecting(SIGNED)
    for url in (host.base_url + SIGNED, f"{host.base_url}/go"):
        bring(url, tmp_path, policy())
    assert [seen.target for seen in host.requests] == [SIGNED, "/go", SIGNED]
    assert host.requests[0].headers["accept-encoding"] == "identity"
    assert host.requests[0].headers["host"] == f"127.0.0.1:{host.port}"


def _break_off(host: Host, folder: Path, policy: FetchPolicy, etag: str = '"one"') -> str:
    url = host.url("/v", claiming(len(VIDEO), VIDEO[:1500], f"ETag: {etag}"))
    assert isinstance(failure(url, folder, policy), CutShortError)
    return url


def test_a_broken_download_goes_on_where_it_stopped(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    url = _break_off(host, tmp_path, policy())
    assert names(tmp_path) == ["v1.part", "v1.part.json"]
    fetched = bring(host.url("/v", ranged(VIDEO, '"one"')), tmp_path, policy())
    assert (host.requests[1].headers["range"], host.requests[1].headers["if-range"]) == ("bytes=1500-", '"one"')
    assert host.calls[1].sent < len(VIDEO) - 1000
    assert fetched.path.read_bytes() == VIDEO
    assert fetched.sha256 == hashlib.sha256(VIDEO).hexdigest()
    assert names(tmp_path) == ["v1.mp4"]
    assert url.endswith("/v")


def test_a_file_that_changed_meanwhile_is_fetched_anew(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    _break_off(host, tmp_path, policy())
    changed = shell(5000)
    assert bring(host.url("/v", ranged(changed, '"two"')), tmp_path, policy()).path.read_bytes() == changed


def test_halves_of_two_files_are_never_joined(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    _break_off(host, tmp_path, policy())
    error = failure(host.url("/v", ranged(shell(5000), '"two"', heeds_if_range=False)), tmp_path, policy())
    assert error.code == "video_wrong_range"
    assert names(tmp_path) == []


def test_a_range_that_was_not_asked_for_is_refused(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    for given in ("bytes 0-9/10", "bytes 1500-1600/9999", "bytes 1500-*/*", "lines 1-2/3"):
        _break_off(host, tmp_path, policy())
        wrong = serving(VIDEO[1500:], f"Content-Range: {given}", status="206 Partial Content")
        assert failure(host.url("/v", wrong), tmp_path, policy()).code == "video_wrong_range"
        assert names(tmp_path) == []


def test_a_host_that_knows_no_such_range_is_asked_for_all(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    _break_off(host, tmp_path, policy())

    def answer(call: Call) -> None:
        (refusing("416 Range Not Satisfiable") if "range" in call.seen.headers else serving(VIDEO))(call)

    assert bring(host.url("/v", answer), tmp_path, policy()).path.read_bytes() == VIDEO
    assert len(host.requests) == 3


def test_bytes_of_another_link_are_not_gone_on_with(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    _break_off(host, tmp_path, policy())
    bring(host.url("/w", serving(VIDEO)), tmp_path, policy())
    assert "range" not in host.requests[1].headers


@pytest.mark.parametrize("lines", [(), ('ETag: W/"weak"',), ('ETag: "one"', "Accept-Ranges: none")])
def test_without_a_strong_validator_nothing_is_left_to_go_on_with(
    lines: tuple[str, ...], host: Host, policy: MakePolicy, tmp_path: Path
) -> None:
    failure(host.url("/v", claiming(len(VIDEO), VIDEO[:1500], *lines)), tmp_path, policy())
    assert names(tmp_path) == []


def test_a_full_disk_says_so_and_leaves_nothing(host: Host, tmp_path: Path) -> None:
    url = host.url("/v", serving(shell(2_000_000), 'ETag: "one"'))
    with begin(url, tmp_path, "v1", largest_bytes=500_000) as child:
        said, _ = child.communicate(timeout=30)
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


def test_two_processes_never_write_one_file(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    go = threading.Event()

    def answer(call: Call) -> None:
        go.wait(20)
        serving(VIDEO)(call)

    url = host.url("/v", answer)
    with begin(url, tmp_path, "v1") as child:
        wait_until(lambda: host.requests, seconds=20)
        assert failure(url, tmp_path, policy()).code == "video_busy"
        go.set()
        assert child.communicate(timeout=30)[0] == "kept"
    assert len(host.requests) == 1
    assert (tmp_path / "v1.mp4").read_bytes() == VIDEO


def _take_turns(folder: Path, lost: list[str]) -> None:
    for turn in range(200):
        try:
            with PartFile(folder, "v1", "http://h.example/v") as part:
                part.start(None)
                part.write(b"x")
                if not part.path.exists():
                    lost.append("gone under its owner")
                if turn % 2:
                    part.finish("mp4")
        except MediaError as error:
            assert error.code == "video_busy"  # noqa: PT017  # the others are as they should be
        except OSError as error:
            lost.append(repr(error))


def test_a_part_file_is_never_the_one_its_last_owner_took_away(tmp_path: Path) -> None:
    """Many take turns at one name, each deleting or renaming it at the end: nobody may hold a file without a name."""
    lost: list[str] = []
    threads = [threading.Thread(target=_take_turns, args=(tmp_path, lost)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    assert names(tmp_path) == ["v1.mp4"]


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
