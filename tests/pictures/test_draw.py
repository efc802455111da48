"""Pictures from outside: whatever comes, what is kept is a small plain JPEG, or a sentence why not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from services.errors import NotFoundError, PictureError
from services.pictures.kept import LARGEST_BYTES, Picture, Pictures
from services.pictures.shape import KEPT_LONGEST, SENT_BYTES, SENT_LONGEST
from tests.backup.homes import keep_video
from tests.media.films import shoot
from tests.pictures.paint import BLUE, RED, bomb, near, noise, of_a_phone, opened, painted, saved


def bytes_of(pictures: Pictures, picture: Picture) -> bytes:
    path = pictures.file(picture.sha256)
    assert path is not None
    return path.read_bytes()


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(PictureError) as caught:
        action()
    return caught.value.code


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P")],
)
def test_every_kind_and_mode_becomes_a_plain_jpeg(pictures: Pictures, kind: str, mode: str) -> None:
    kept = pictures.take_in(painted((64, 48), kind, mode=mode))

    drawn = opened(bytes_of(pictures, kept))
    assert (drawn.mode, drawn.size, (kept.width, kept.height)) == ("RGB", (64, 48), (64, 48))
    assert kept.size_bytes == len(bytes_of(pictures, kept))
    assert mode == "L" or near(drawn.getpixel((10, 20)), RED, 60)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run",
        b"%PDF-1.7",
        b"#define x_width 16\nstatic char x_bits[] = {",
        b"\xff\xd8\xff\xe0" + b"rubbish" * 50,
        b"\x89PNG\r\n\x1a\n" + b"rubbish" * 50,
        b"GIF89a" + b"\xff" * 30,
        b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 30,
        painted((64, 48))[:-400],
        saved(Image.new("RGB", (8, 8)), "TIFF"),
        saved(Image.new("RGB", (8, 8)), "BMP"),
    ],
    ids=["nothing", "svg", "page", "postscript", "pdf", "xbm", "jpeg", "png", "gif", "webp", "cut", "tiff", "bmp"],
)
def test_what_is_no_picture_of_ours_is_called_so_and_nothing_is_kept(pictures: Pictures, data: bytes) -> None:
    assert code_of(lambda: pictures.take_in(data)) == "picture_unreadable"
    assert list(pictures.settings.home.glob("media/**/*")) == []


def test_a_picture_that_unfolds_to_gigabytes_is_refused_unopened(pictures: Pictures) -> None:
    small = bomb(60_000, 60_000)

    assert len(small) < 100_000
    assert code_of(lambda: pictures.take_in(small)) == "picture_too_many_pixels"


def test_more_bytes_than_any_picture_has_are_refused(pictures: Pictures) -> None:
    assert code_of(lambda: pictures.take_in(b"\xff\xd8\xff" + bytes(LARGEST_BYTES))) == "picture_too_large"


@pytest.mark.parametrize(
    ("orientation", "size", "top"), [(1, (64, 32), None), (3, (64, 32), None), (6, (32, 64), RED), (8, (32, 64), BLUE)]
)
def test_a_photo_stands_upright_and_says_nothing_of_its_owner(
    pictures: Pictures, orientation: int, size: tuple[int, int], top: tuple[int, int, int] | None
) -> None:
    kept = pictures.take_in(of_a_phone((64, 32), orientation))

    data = bytes_of(pictures, kept)
    assert opened(data).size == size
    assert top is None or near(opened(data).getpixel((16, 8)), top)
    assert b"Canary" not in data
    assert b"Exif" not in data
    assert opened(data).getexif() == {}


def test_what_shines_through_lies_on_white(pictures: Pictures) -> None:
    clear = pictures.take_in(saved(Image.new("RGBA", (16, 16), (200, 0, 0, 0)), "PNG"))

    assert near(opened(bytes_of(pictures, clear)).getpixel((8, 8)), (255, 255, 255), 3)


def test_a_wide_colour_space_comes_out_as_the_same_colour(pictures: Pictures) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = pictures.take_in(painted((64, 48), icc_profile=profile))
    spoilt = pictures.take_in(painted((64, 48), icc_profile=b"no profile at all" * 9))

    for one in (kept, spoilt):
        assert near(opened(bytes_of(pictures, one)).getpixel((10, 20)), RED)
        assert "icc_profile" not in Image.open(io.BytesIO(bytes_of(pictures, one))).info


def test_a_large_one_is_shrunk_and_what_is_sent_fits_a_relay(pictures: Pictures) -> None:
    kept = pictures.take_in(painted((5000, 2500), quality=60))
    assert (kept.width, kept.height) == (KEPT_LONGEST, KEPT_LONGEST // 2)

    loud = pictures.take_in(noise((1400, 1400)))
    sent = pictures.crop(loud.sha256, "landscape")
    assert (sent.width, sent.height) == (SENT_LONGEST, 720)
    assert sent.size_bytes <= SENT_BYTES


@pytest.mark.parametrize(
    ("shape", "at", "size", "left", "right"),
    [
        ("square", 0.0, (90, 90), RED, BLUE),
        ("portrait", 0.0, (51, 90), RED, RED),
        ("portrait", 1.0, (51, 90), BLUE, BLUE),
        ("landscape", 0.5, (120, 68), RED, BLUE),
        ("whole", 0.5, (120, 90), RED, BLUE),
    ],
)
def test_it_is_cropped_to_the_shape_from_the_side_that_is_kept(
    pictures: Pictures,
    shape: str,
    at: float,
    size: tuple[int, int],
    left: tuple[int, int, int],
    right: tuple[int, int, int],
) -> None:
    source = pictures.take_in(painted((120, 90), "PNG"))
    cut = pictures.crop(source.sha256, shape, at)

    drawn = opened(bytes_of(pictures, cut))
    assert drawn.size == size
    assert near(drawn.getpixel((4, 40)), left)
    assert near(drawn.getpixel((size[0] - 5, 40)), right)
    assert cut.source == (None if shape == "whole" else source.sha256)


def test_a_frame_of_a_film_is_the_one_that_is_shown_then(pictures: Pictures, tmp_path: Path) -> None:
    id = keep_video(pictures.database, pictures.settings.home)
    shoot(pictures.settings.home / "media" / id[:2] / f"{id}.mp4")

    reds = [opened(bytes_of(pictures, pictures.frame(id, at))).getpixel((40, 30))[0] for at in (0.0, 0.52, 99.0)]  # type: ignore[index]
    assert [round(red / 10) for red in reds] == [0, 13, 24]
    with pytest.raises(NotFoundError):
        Pictures("someone", pictures.database, pictures.settings).frame(id, 0.0)


def test_a_film_that_shows_nothing_is_called_so(pictures: Pictures) -> None:
    id = keep_video(pictures.database, pictures.settings.home)

    assert code_of(lambda: pictures.frame(id, 0.0)) == "picture_unreadable"
