"""Samples of looks and templates, as the demo draws them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from services.demo.samples import Samples
from services.prompts.looks import looks
from services.prompts.samples import name_of, sample_prompts
from services.prompts.templates import built_in

SOME = {name: sample_prompts()[name] for name in ("look-noir", "look-neon-night", "template-cafe-ad")}


def test_every_look_and_template_has_words_to_draw() -> None:
    names = {name_of(one) for one in looks()} | {name_of(one) for one in built_in()}

    assert set(sample_prompts()) == names
    assert len(names) == len(looks()) + len(built_in())
    assert len(set(sample_prompts().values())) == len(names), "no two are the same picture"


def test_they_are_drawn_once_small_and_like_their_look(tmp_path: Path) -> None:
    stale = tmp_path / "0123.jpg"
    stale.write_bytes(b"of another time")
    first = Samples(tmp_path, SOME).path("look-noir")

    assert first is not None
    assert not stale.exists()
    assert len(list(tmp_path.glob("*.jpg"))) == len(SOME), "one process draws all"
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 12_000 * len(SOME)
    with Image.open(first) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 180))
        red, green, blue = picture.resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
        assert max(red, green, blue) - min(red, green, blue) <= 6, "film noir is grey"
    before = first.stat().st_mtime_ns
    assert Samples(tmp_path, SOME).path("look-noir") == first
    assert first.stat().st_mtime_ns == before


def test_other_words_are_another_file_and_other_names_are_none(tmp_path: Path) -> None:
    one = Samples(tmp_path, {"look-a": "a red boat"}).path("look-a")
    two = Samples(tmp_path, {"look-a": "a blue boat"}).path("look-a")

    assert one is not None
    assert one != two
    assert Samples(tmp_path, SOME).path("../../etc/passwd") is None
