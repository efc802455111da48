"""Where files lie, and what is swept at a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import NotFoundError
from services.media.part import PartFile, held
from services.media.store import Store
from tests.media.elsewhere import begin
from tests.media.films import shell
from tests.media.host import Host, claiming
from tests.waiting import wait_until

LINK = "http://h.example/v"


def test_files_are_named_by_ids_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.video_path("abc123", "video/mp4") == tmp_path / "ab" / "abc123.mp4"
    assert store.video_path("abc123", "video/webm") == tmp_path / "ab" / "abc123.webm"
    assert store.poster_path("abc123") == tmp_path / "ab" / "abc123.jpg"


@pytest.mark.parametrize("video_id", ["", "a", "..", "../x", "a/b", "a\\b", "a.b", "ab\n", "ab\0", "١٢٣", "a" * 65])
def test_what_is_no_id_finds_nothing(video_id: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    for ask in (store.folder_of, store.poster_path, lambda given: store.video_path(given, "video/mp4")):
        with pytest.raises(NotFoundError):
            ask(video_id)


@pytest.mark.parametrize("media_type", ["text/html", "", "../mp4", "image/svg+xml"])
def test_only_videos_are_found(media_type: str, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Store(tmp_path).video_path("abc123", media_type)


def test_a_sweep_takes_what_nobody_writes_and_leaves_the_rest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.folder_of("abandoned")
    folder.mkdir()
    for name in ("abandoned.part", "abandoned.part.json", "abkept.mp4", "abkept.jpg"):
        (folder / name).write_bytes(b"x")
    with PartFile(store.folder_of("abrunning"), "abrunning", LINK) as running:
        running.start('"one"')
        assert store.sweep_parts() == 1
        assert sorted(path.name for path in folder.iterdir()) == [
            "abkept.jpg",
            "abkept.mp4",
            "abrunning.part",
            "abrunning.part.json",
        ]
    assert store.sweep_parts() == 0


def test_a_sweep_of_no_folder_is_none(tmp_path: Path) -> None:
    assert Store(tmp_path / "not yet").sweep_parts() == 0


def test_what_kill_9_leaves_is_swept_and_not_before(host: Host, tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder, body = store.folder_of("v1"), shell(300_000)
    url = host.url("/v", claiming(len(body), body[:200_000], 'ETag: "one"', stalls=True))
    with begin(url, folder, "v1") as child:
        try:
            part = folder / "v1.part"
            wait_until(lambda: part.exists() and part.stat().st_size > 100_000)
            assert store.sweep_parts() == 0
        finally:
            child.kill()
    assert part.exists()
    assert store.sweep_parts() == 1
    assert list(folder.iterdir()) == []


def test_a_sweep_leaves_the_picture_that_is_being_made(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.folder_of("ab1")
    folder.mkdir()
    half_done = folder / "ab1.jpg.part"
    with held(half_done):
        assert store.sweep_parts() == 0
        half_done.write_bytes(b"what another process makes of it")
        assert store.sweep_parts() == 0
        assert half_done.exists()
    assert not half_done.exists()

    half_done.write_bytes(b"left by a killed process")
    assert store.sweep_parts() == 1
    assert not half_done.exists()
