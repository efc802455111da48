"""A download that broke off goes on where it stopped, and no two ever write one file."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from services.errors import CutShortError, MediaError
from services.media.fetch import FetchPolicy
from services.media.part import PartFile
from tests.media.bringing import VIDEO, bring, failure, names
from tests.media.conftest import MakePolicy
from tests.media.elsewhere import begin
from tests.media.films import shell
from tests.media.host import Call, Host, claiming, ranged, refusing, serving
from tests.waiting import wait_until


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


def test_two_processes_never_write_one_file(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    go = threading.Event()

    def answer(call: Call) -> None:
        go.wait(120)
        serving(VIDEO)(call)

    url = host.url("/v", answer)
    with begin(url, tmp_path, "v1") as child:
        wait_until(lambda: host.requests)
        assert failure(url, tmp_path, policy()).code == "video_busy"
        go.set()
        assert child.communicate(timeout=120)[0] == "kept"
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
