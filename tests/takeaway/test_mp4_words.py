"""Words in a copy of an mp4: players read them, its pictures stay, and the original can be had back."""

from __future__ import annotations

import hashlib
import io
import random
from pathlib import Path
from typing import Any

import av
import pytest

from services.takeaway import mp4_words

WORDS = {
    "title": "纸船 A paper boat\ncrosses",
    "description": "纸船 A paper boat\ncrosses",
    "artist": "sora-2",
    "date": "2026-01-02T03:04:05Z",
    "id": "abc123",
    "sha256": "f" * 64,
}


def copied(data: bytes, words: dict[str, str] = WORDS) -> bytes:
    file = io.BytesIO(data)
    how = mp4_words.retold(file, words)
    assert how is not None
    made = b"".join(how.pieces(file))
    assert len(made) == how.size
    return made


def original(data: bytes) -> bytes | None:
    file = io.BytesIO(data)
    found = mp4_words.original_of(file)
    return None if found is None else b"".join(mp4_words.as_it_was(file, *found))


def pictures(data: bytes) -> list[str]:
    opened: Any = av.open(io.BytesIO(data))
    with opened:
        return [hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in opened.decode(video=0)]


def moov_first(film: Path, folder: Path) -> bytes:
    path = folder / "fast.mp4"
    source: Any = av.open(str(film))
    made: Any = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
    made.metadata["comment"] = "kept as it was"
    made.metadata["title"] = "another title"
    with source, made:
        stream = made.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return path.read_bytes()


def test_a_player_reads_the_words_and_sees_the_same_pictures(film: Path) -> None:
    made = copied(film.read_bytes())
    opened: Any = av.open(io.BytesIO(made))
    with opened:
        said = opened.metadata
    assert said["title"] == "纸船 A paper boat crosses"
    assert said["description"] == WORDS["description"]
    assert (said["artist"], said["date"]) == ("sora-2", "2026-01-02T03:04:05Z")
    assert pictures(made) == pictures(film.read_bytes())


def test_the_original_is_had_back_byte_for_byte(film: Path, tmp_path: Path) -> None:
    for data in (film.read_bytes(), moov_first(film, tmp_path)):
        assert original(copied(data)) == data
        assert original(data) is None


def test_what_others_wrote_stays_unless_it_is_ours_to_say(film: Path, tmp_path: Path) -> None:
    made = copied(moov_first(film, tmp_path))
    opened: Any = av.open(io.BytesIO(made))
    with opened:
        assert opened.metadata["comment"] == "kept as it was"
        assert opened.metadata["title"] == "纸船 A paper boat crosses"


def test_a_copy_of_a_copy_says_the_new_words_once(film: Path) -> None:
    again = copied(copied(film.read_bytes()), WORDS | {"title": "Second"})
    opened: Any = av.open(io.BytesIO(again))
    with opened:
        assert opened.metadata["title"] == "Second"
    assert original(again) == copied(film.read_bytes())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"rubbish",
        b"\0\0\0\x18ftypisom\0\0\2\0isomiso2",
        b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0\0\0\0moov",
        b"\0\0\0\x08moov",
        b"\0\0\0\x0cmoov\0\0\0\x09" * 2,
        b"\0\0\0\x10moov\0\0\0\xffabcd",
        b"\0\0\0\x10moov\0\0\0\x08udta\0\0\0\x08moof",
    ],
)
def test_what_is_of_an_odd_form_is_left_alone(data: bytes) -> None:
    assert mp4_words.retold(io.BytesIO(data), WORDS) is None
    assert mp4_words.original_of(io.BytesIO(data)) is None


def test_no_rubbish_ever_breaks_the_reader(film: Path) -> None:
    chance, made = random.Random(7), copied(film.read_bytes())
    for _ in range(300):
        broken = bytearray(made)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        data = bytes(broken[: chance.randrange(len(broken))]) if chance.random() < 0.3 else bytes(broken)
        original(data)
        mp4_words.retold(io.BytesIO(data), WORDS)
