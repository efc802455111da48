"""`export` and `import` on the command line, as their own processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.takeaway.house import House, records

PROJECT = Path(__file__).resolve().parents[2]


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    return subprocess.run(
        [sys.executable, "-m", "services.commands", *words],
        cwd=PROJECT,
        env={**clean, "DAILIES_HOME": str(home), "DAILIES_FREE_FLOOR_BYTES": "0"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_a_search_finds_is_written_and_brought_in_elsewhere_once(
    house: House, other: House, tmp_path: Path
) -> None:
    made = house.made("boat 纸船", filmed=True)
    house.made("kite")
    file = tmp_path / "boats.zip"

    written = run(house.home, "export", "--search", "boat", str(file))
    assert (written.returncode, written.stdout) == (0, f"1 prompt with 1 video: {file}\n"), written.stderr
    assert [one["id"] for one in records(file.read_bytes())] == [made]
    brought = run(other.home, "import", str(file))
    assert (brought.returncode, brought.stdout) == (0, "1 brought in, with 1 video; here already: 0.\n")
    again = run(other.home, "import", str(file))
    assert again.stdout == "0 brought in, with 0 videos; here already: 1.\n"
    assert other.ids("boat has:video") == [made]


def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(house: House, tmp_path: Path) -> None:
    nothing = run(house.home, "export", "--search", "boat", str(tmp_path / "a.zip"))
    assert (nothing.returncode, nothing.stderr) == (2, "not_found: nothing is found, so nothing is written\n")
    (tmp_path / "bad.zip").write_bytes(b"rubbish")
    refused = run(house.home, "import", str(tmp_path / "bad.zip"))
    assert (refused.returncode, refused.stderr) == (2, "import_unreadable: not a zip file\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip", "here"]
