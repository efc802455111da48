"""Pictures out of a video: the right ones, whole, made once, and nothing left of a try that failed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from services.errors import MediaError, NotAVideoError
from services.media.frames import COLUMNS, FRAMES, GAP, make_frame, make_sheet, sheet_seconds
from tests.media.films import HEIGHT, RATE, WIDTH, shell


def red(picture: Image.Image, at: tuple[int, int] = (40, 30)) -> int:
    pixel: Any = picture.convert("RGB").getpixel(at)
    return int(pixel[0])


def test_a_sheet_holds_twelve_frames_in_order(film: Path, tmp_path: Path) -> None:
    sheet = make_sheet(film, tmp_path / "v1.sheet.jpg")
    with Image.open(sheet) as picture:
        assert picture.size == (COLUMNS * (WIDTH + GAP) - GAP, 3 * (HEIGHT + GAP) - GAP)
        middles = [
            (number % COLUMNS * (WIDTH + GAP) + WIDTH // 2, number // COLUMNS * (HEIGHT + GAP) + HEIGHT // 2)
            for number in range(FRAMES)
        ]
        reds = [red(picture, middle) for middle in middles]
    wanted = [int(at * RATE) * 10 for at in sheet_seconds(1.0)]  # tests/media/films: each frame is 10 redder
    assert all(abs(got - want) <= 8 for got, want in zip(reds, wanted, strict=True)), (reds, wanted)
    assert [path.name for path in tmp_path.iterdir()] == ["v1.sheet.jpg"]


@pytest.mark.parametrize(("at", "number"), [(0.0, 0), (0.5, 12), (0.519, 12), (0.52, 13), (0.96, 24), (7.0, 24)])
def test_a_frame_is_the_one_shown_at_that_time(film: Path, tmp_path: Path, at: float, number: int) -> None:
    with Image.open(make_frame(film, tmp_path / "v1.png", at, "png")) as picture:
        assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
        assert abs(red(picture) - number * 10) <= 4


def test_what_was_made_is_not_made_again(film: Path, tmp_path: Path) -> None:
    first = make_frame(film, tmp_path / "v1.500.jpg", 0.5, "jpg")
    made = first.stat().st_mtime_ns
    assert make_frame(film, tmp_path / "v1.500.jpg", 0.5, "jpg").stat().st_mtime_ns == made
    with Image.open(first) as picture:
        assert (picture.format, picture.size) == ("JPEG", (WIDTH, HEIGHT))


def test_a_video_that_does_not_say_its_length_has_a_sheet_too(tmp_path: Path) -> None:
    path = tmp_path / "v1.webm"
    frames: Any = av.VideoFrame
    with path.open("wb") as file, av.open(file, "w", format="webm", options={"live": "1"}) as video:
        stream: Any = video.add_stream("libvpx", rate=10, options={"deadline": "realtime"})
        stream.width, stream.height, stream.pix_fmt, stream.time_base = WIDTH, HEIGHT, "yuv420p", Fraction(1, 1000)
        for number in range(10):
            video.mux(stream.encode(frames.from_image(Image.new("RGB", (WIDTH, HEIGHT), (number * 20, 0, 0)))))
        video.mux(stream.encode())
    with Image.open(make_sheet(path, tmp_path / "v1.sheet.jpg")) as picture:
        reds = [
            red(picture, (number % 4 * (WIDTH + GAP) + 40, number // 4 * (HEIGHT + GAP) + 30)) for number in range(12)
        ]
    assert reds[-1] > reds[0] + 100


@pytest.mark.parametrize("body", [shell(), shell()[:24] + b"rubbish " * 500, b"<!doctype html>", b""])
def test_of_what_is_no_video_no_picture_comes_and_nothing_stays(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "v1.mp4"
    path.write_bytes(body)
    with pytest.raises((MediaError, NotAVideoError)):
        make_sheet(path, tmp_path / "v1.sheet.jpg")
    assert [left.name for left in tmp_path.iterdir()] == ["v1.mp4"]
