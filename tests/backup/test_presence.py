"""Who uses a data folder: many together, or one alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from services.errors import HomeInUseError, StoreError
from services.presence import Presence

PROJECT = Path(__file__).resolve().parents[2]


def test_many_are_there_together_and_one_wants_it_alone(tmp_path: Path) -> None:
    first, second = Presence(tmp_path), Presence(tmp_path)

    with pytest.raises(HomeInUseError):
        Presence(tmp_path, alone=True)
    first.leave()
    second.leave()
    alone = Presence(tmp_path, alone=True)
    with pytest.raises(StoreError) as refused:
        Presence(tmp_path)
    alone.leave()

    assert refused.value.code == "home_restoring"
    Presence(tmp_path).leave()


def test_a_killed_process_is_there_no_more(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from services.presence import Presence;"
        " here = Presence(Path(sys.argv[1])); print('in', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        with pytest.raises(HomeInUseError):
            Presence(tmp_path, alone=True)
        process.kill()

    Presence(tmp_path, alone=True).leave()
