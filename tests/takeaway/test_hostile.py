"""What a stranger may send: refused with a sentence, and nothing of it stays."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pages.shared.errors import SENTENCES
from services.errors import ImportRefusedError
from services.takeaway import sources
from tests.takeaway.house import House, records, unzipped, zipped


def refused(house: House, what: bytes | Path) -> str:
    with pytest.raises(ImportRefusedError) as caught:
        house.bring(what)
    assert caught.value.code in SENTENCES
    assert house.ids() == []
    assert not list((house.home / "media").rglob("*.*"))
    return caught.value.code


def entry(name: str, mode: int = 0, **values: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        about = zipfile.ZipInfo(name)
        about.external_attr = mode << 16
        opened.writestr(about, b"x")
    return made.getvalue()


@pytest.mark.parametrize(
    "name", ["../evil.mp4", "/etc/evil.mp4", "a/../../evil.mp4", "C:/evil.mp4", "a\\..\\evil.mp4", "a\tb.mp4"]
)
def test_a_name_that_leads_elsewhere_is_refused(other: House, name: str) -> None:
    assert refused(other, entry(name)) == "import_name"
    assert not (other.home.parent / "evil.mp4").exists()


def test_two_files_of_one_name_are_refused(other: House) -> None:
    assert refused(other, zipped({"a.mp4": b"1", "A.MP4": b"2"})) == "import_name"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device_is_refused(other: House, kind: int) -> None:
    assert refused(other, entry("a.mp4", kind | 0o777)) == "import_link"


def test_a_link_in_a_folder_is_refused(other: House, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.mp4").symlink_to("/etc/passwd")
    assert refused(other, folder) == "import_link"
    (folder / "a.mp4").unlink()
    (folder / "below").symlink_to("/etc")
    assert refused(other, folder) == "import_link"


def test_a_bomb_is_refused_before_it_is_read(other: House) -> None:
    assert refused(other, zipped({"generations.jsonl": b" " * 50_000_000})) == "import_bomb"
    assert refused(other, zipped({"a.mp4": b"\0" * 50_000_000})) == "import_bomb"


def test_files_that_lie_in_each_other_are_refused(other: House) -> None:
    made = bytearray(zipped({"a.mp4": os.urandom(4_000), "b.mp4": os.urandom(4_000)}, zipfile.ZIP_STORED))
    at = made.rfind(b"PK\x01\x02")
    made[at + 42 : at + 46] = b"\0\0\0\0"  # the second one's place is the first one's
    assert refused(other, bytes(made)) == "import_bomb"


def test_a_list_without_end_is_refused_before_it_is_read(other: House) -> None:
    made = bytearray(zipped({"a.mp4": b"x"}))
    at = made.rfind(b"PK\x05\x06")
    made[at + 12 : at + 16] = (sources.MAX_LIST_BYTES + 1).to_bytes(4, "little")
    assert refused(other, bytes(made)) == "import_too_many"


def test_too_many_files_are_refused(other: House) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for number in range(sources.MAX_FILES + 1):
            opened.writestr(zipfile.ZipInfo(str(number)), b"")
    assert refused(other, made.getvalue()) == "import_too_many"


def test_more_than_there_is_room_for_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.mp4": b"x" * 1_000}))
    with pytest.raises(ImportRefusedError) as caught, sources.opened(path, room_bytes=999):
        pass
    assert caught.value.code == "import_no_room"


@pytest.mark.parametrize("data", [b"", b"rubbish", b"PK\x05\x06", b"PK\x03\x04" + b"\0" * 100, b"%PDF" * 100])
def test_what_is_no_zip_is_refused(other: House, data: bytes) -> None:
    assert refused(other, data) == "import_unreadable"


def test_a_film_that_is_not_what_its_record_says_is_left_out(house: House, other: House) -> None:
    house.made("boat", filmed=True)
    house.made("kite", filmed=True)
    data = house.taken()
    files = unzipped(data)
    name = records(data)[0]["videos"][0]["file"]
    files[name] = files[name].replace(b"mdat", b"mdat"[::-1], 1)
    came = other.bring(zipped(files, zipfile.ZIP_STORED))
    assert (came.new, dict(came.left_out)) == (1, {"hash": 1})
    assert len([one for one in other.files() if one.endswith(".mp4")]) == 1


def test_what_is_no_video_is_left_out(other: House) -> None:
    came = other.bring(zipped({"a.mp4": b"<html>" * 50, "b.mp4": b"\0\0\0\x18ftypisom" + b"\0" * 500}))
    assert (came.new, dict(came.left_out)) == (0, {"video": 2})
    assert other.files() == {}


@pytest.mark.parametrize(
    "said",
    [
        [], 7, "x", None, {}, {"format": "dailies/1"},
        {"format": "dailies/1", "id": "../../x", "state": "done"},
        {"format": "dailies/1", "id": "abcdef12", "state": ["done"]},
        {"format": "dailies/1", "id": "abcdef12", "state": "queued"},
        {"format": "dailies/2", "id": "abcdef12", "state": "done"},
    ],
)  # fmt: skip
def test_a_record_that_is_none_is_left_out(other: House, said: object) -> None:
    came = other.bring(zipped({"generations.jsonl": json.dumps(said).encode()}))
    assert (came.new, dict(came.left_out)) == (0, {"record": 1})


def test_odd_values_become_what_is_unknown(other: House) -> None:
    odd = {
        "format": "dailies/1", "id": "abcdef12", "state": "done", "outcome": {"a": 1}, "prompt": "boat \0 \ud800 纸",
        "model": 5, "usage": {"total_tokens": -1, "prompt_tokens": 10**30, "said": {"a": "\0"}}, "parent_id": "'; DROP",
        "times": {"created_at": "0001-01-01T00:00:00Z", "sent_at": "soon", "duration_seconds": 1e400},
        "marks": {"rating": 99, "favourite": "yes", "notes": ["x"], "tags": ["", "x" * 99, 7, "ok", "OK"]},
        "links": [{"url": "javascript:alert(1)", "kind": "video"}, 5, {"url": 7}], "progress": ["x", 50, 1000],
        "fields": {"text": "boat\0", "fields": [1], "extra": {"a": 1}}, "error": {"code": "<b>", "http_status": "x"},
        "videos": [{"file": "../etc/passwd", "sha256": "zz"}, {"file": 9}, "x", *({"source_url": "a"} for _ in "ab")],
        "task_ids": [{}, "t1"], "charged": "no", "endpoint": None,
    }  # fmt: skip
    came = other.bring(zipped({"generations.jsonl": json.dumps(odd).encode()}))
    assert (came.new, came.videos) == (1, 0)
    one = other.get("abcdef12")
    assert (one.total_tokens, one.prompt_tokens, one.rating, one.favourite, one.parent_id) == (
        None,
        None,
        None,
        False,
        None,
    )
    assert (one.outcome, one.error_code, one.charged, one.progress) == (None, None, None, (50,))
    assert other.ids("tag:ok boat") == ["abcdef12"]
    assert [video.state for video in one.videos] == ["failed"] * 5


def test_a_record_without_measure_is_refused(other: House) -> None:
    line = b'{"a": "' + os.urandom(9_000_000).hex().encode() + b'"}'
    assert refused(other, zipped({"generations.jsonl": line})) == "import_bomb"
