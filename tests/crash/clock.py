"""A server whose wall clock can be set while it runs, by libfaketime; the monotonic clock stays the machine's own.

Taken from its Python package, not from Debian: that one is built to meddle with sleeping too, and time.sleep fails.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

DAY_SECONDS = 86_400


class Clock:
    """The wall clock of a process started with `environment`."""

    def __init__(self, folder: Path) -> None:
        """Make a clock that goes right. Where none can be made the test is skipped; under CI=true it fails."""
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": str(_library() or ""),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",  # each look at the clock would open the file else
            "DONT_FAKE_MONOTONIC": "1",
        }
        self.set("+1d")
        if not self._works():
            give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            give_up("no libfaketime for this machine")
        self.set("+0")

    def set(self, offset: str) -> None:
        """Set it off by so much: "-2h", "+1d"; processes notice within a second."""
        fresh = self._file.with_name("clock.new")
        fresh.write_text(offset, "utf-8")
        fresh.replace(self._file)

    def _works(self) -> bool:
        said = subprocess.run(
            [sys.executable, "-c", "import time; print(time.time())"],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        return bool(said) and abs(float(said) - time.time() - DAY_SECONDS) < 60


def _library() -> Path | None:
    found = importlib.util.find_spec("libfaketime")
    if found is None or found.origin is None:
        return None
    return next(Path(found.origin).parent.rglob("libfaketime.so.1"), None)
