"""Looking at videos in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from services.errors import MediaError, NotAVideoError
from services.media.inspect import POSTER_BYTES, Inspection, inspect
from tests.media.films import HEIGHT, WIDTH, shell

PROJECT = Path(__file__).resolve().parents[2]


def test_a_video_tells_its_length_and_size_and_gives_a_poster(film: Path, tmp_path: Path) -> None:
    poster = tmp_path / "v1.jpg"
    found = inspect(film, poster)
    assert (found.width, found.height, found.poster) == (WIDTH, HEIGHT, True)
    assert found.duration_seconds == pytest.approx(1.0, abs=0.1)
    with Image.open(poster) as picture:
        assert (picture.format, picture.size) == ("JPEG", (WIDTH, HEIGHT))
    assert poster.stat().st_size <= POSTER_BYTES
    assert [path.name for path in tmp_path.iterdir()] == ["v1.jpg"]


@pytest.mark.parametrize(
    "body",
    [
        shell(),
        shell()[:24] + b"rubbish " * 500,
        b"\x1a\x45\xdf\xa3" + b"rubbish " * 500,
        b"<!doctype html>" + b" " * 100,
        b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\nfile:///etc/passwd\n",
        b"",
    ],
    ids=["empty shell", "rubbish after ftyp", "rubbish after EBML", "page", "playlist", "nothing"],
)
def test_what_is_no_video_is_called_so(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "v1.mp4"
    path.write_bytes(body)
    with pytest.raises(NotAVideoError):
        inspect(path, tmp_path / "v1.jpg")
    assert [left.name for left in tmp_path.iterdir()] == ["v1.mp4"]


def test_a_look_that_takes_too_long_tells_nothing_and_costs_nothing(film: Path, tmp_path: Path) -> None:
    assert inspect(film, tmp_path / "v1.jpg", timeout_seconds=0.0) == Inspection()
    assert list(tmp_path.iterdir()) == []


def test_a_look_may_be_stopped(film: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(MediaError) as caught:
        inspect(film, tmp_path / "v1.jpg", stops=[stop])
    assert caught.value.code == "video_stopped"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "said",
    [
        "sys.stdout.write('x' * 10**6); sys.stdout.flush(); time.sleep(60)",
        "sys.stdout.write('[' * 4000); sys.stdout.flush(); os._exit(0)",
        "sys.stdout.write('[]'); sys.stdout.flush(); os._exit(0)",
        'sys.stdout.write(\'{"width": -1, "duration_seconds": 1e999}\'); sys.stdout.flush(); os._exit(0)',
        "os.abort()",
    ],
    ids=["babble", "nested", "list", "senseless numbers", "crash"],
)
def test_a_process_taken_over_is_not_believed(
    said: str, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What libav's process says is as untrusted as the file it read. Python runs `sitecustomize` before all else."""
    folder = tmp_path / "path"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import os, sys, time\n{said}\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    began = time.monotonic()
    assert inspect(film, tmp_path / "v1.jpg") == Inspection()
    assert time.monotonic() - began < 30


def test_that_process_gets_no_secrets(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, seen = tmp_path / "path", tmp_path / "seen"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import os\nopen({str(seen)!r}, 'w').write(repr(dict(os.environ)))\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("DAILIES_TOKEN", "sk-canary")
    inspect(film, tmp_path / "v1.jpg")
    assert "PYTHONPATH" in seen.read_text()
    assert "canary" not in seen.read_text()


def test_libav_is_never_loaded_into_the_server() -> None:
    modules = sorted(path.stem for path in (PROJECT / "services" / "media").glob("[a-z]*.py"))
    lines = [f"import services.media.{name}" for name in modules]
    lines += ["import sys", "sys.exit('av' in sys.modules or 'PIL' in sys.modules)"]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=PROJECT, check=True)
