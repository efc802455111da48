"""The object store itself: whole, proved, or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from services.errors import MediaError
from services.media.far import FarStore
from services.settings import Settings
from tests.object_store import SECRET
from tests.ports import free_port


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file that goes in several parts."""
    path = tmp_path / "ab" / "large.mp4"
    path.parent.mkdir()
    path.write_bytes(os.urandom(12_000_000))
    return path


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> FarStore:
    """A store where nobody listens."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    return FarStore("s3://films/away")


def test_a_large_file_goes_in_parts_and_comes_back_whole_and_in_ranges(media_url: str, large: Path) -> None:
    far, body = FarStore(media_url), large.read_bytes()

    sha256 = far.send(large, "ab/large.mp4")
    found = far.find("ab/large.mp4")

    assert sha256 == hashlib.sha256(body).hexdigest()
    assert found is not None
    assert found.size_bytes == len(body)
    assert b"".join(found.pieces()) == body
    assert b"".join(found.pieces(5, 9_000_000)) == body[5:9_000_000]
    assert str(found) == f"{media_url}/ab/large.mp4"


def test_what_is_not_what_it_was_is_not_sent(media_url: str, large: Path) -> None:
    far = FarStore(media_url)

    with pytest.raises(MediaError) as refused:
        far.send(large, "ab/large.mp4", "0" * 64)

    assert refused.value.code == "media_changed"
    assert far.find("ab/large.mp4") is None


def test_what_lies_there_under_the_same_name_is_not_taken_for_it(media_url: str, large: Path) -> None:
    far, other = FarStore(media_url), large.with_name("other.mp4")
    other.write_bytes(os.urandom(large.stat().st_size))
    far.send(other, "ab/large.mp4")

    sha256 = far.send(large, "ab/large.mp4")

    assert far.holds("ab/large.mp4", large.stat().st_size, sha256)


def test_a_file_comes_whole_or_not_at_all(media_url: str, large: Path, tmp_path: Path) -> None:
    far, target = FarStore(media_url), tmp_path / "cd" / "large.mp4"
    sha256 = far.send(large, "ab/large.mp4")

    with pytest.raises(MediaError) as refused:
        far.bring("ab/large.mp4", target, "0" * 64)
    assert refused.value.code == "media_changed"
    assert list(target.parent.iterdir()) == []

    assert far.bring("ab/large.mp4", target, sha256)
    assert target.read_bytes() == large.read_bytes()
    assert not far.bring("ab/none.mp4", tmp_path / "none.mp4")


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(media_url: str, large: Path) -> None:
    far = FarStore(media_url)
    far.send(large, "ab/large.mp4")

    far.forget("ab/large.mp4")
    far.forget("ab/large.mp4")

    assert far.find("ab/large.mp4") is None


def test_a_store_that_does_not_answer_is_one_error_without_keys(
    media_url: str, away: FarStore, large: Path, tmp_path: Path
) -> None:
    for act in (
        lambda: away.find("x"),
        lambda: away.send(large, "x"),
        lambda: away.bring("x", tmp_path / "x"),
        lambda: away.forget("x"),
    ):
        with pytest.raises(MediaError) as refused:
            act()
        assert (refused.value.code, str(refused.value)) == ("media_away", "the object store does not answer")
        assert SECRET not in repr(refused.value)


def test_a_wrong_key_is_the_same_error(media_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")

    with pytest.raises(MediaError) as refused:
        FarStore(media_url).find("x")

    assert refused.value.code == "media_away"


@pytest.mark.parametrize("url", ["films", "ftp://host/films", "/srv/films", "s3://"])
def test_an_address_that_is_none_is_one_sentence_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"^DAILIES_MEDIA_URL "):
        Settings.from_environment({"DAILIES_MEDIA_URL": url})
