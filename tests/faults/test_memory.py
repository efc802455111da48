"""Faults that would fill the memory: a line of 100 MB, a bomb of 200 MiB, an error page without end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fault_server import FaultServer
from tests.faults.results import FIGURES
from tests.faults.shed import PROJECT, shed

MOST_MB = 250


def peak_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the most memory a process ever held, in MB, looking until it ends."""
    peak = 0.0
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            lines = status.read_text().splitlines()
        except OSError:
            break
        held = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
        peak = max(peak, *(kib / 1000 for kib in held), 0.0)
        try:
            process.wait(0.01)
        except subprocess.TimeoutExpired:
            continue
    return peak


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of another process")
@pytest.mark.parametrize("name", ["up-line-of-100-MB", "up-gzip-bomb", "up-http-500-huge-body"])
def test_a_flood_does_not_fill_the_memory(name: str, tmp_path: Path) -> None:
    with FaultServer(name) as server, shed(tmp_path, server) as made:
        with (tmp_path / "said").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "services.commands", "submit", "a flood", "--json"],
                cwd=PROJECT,
                env=made.environment,
                stdout=said,
            )
            peak = peak_mb(process)
        process.wait(60)
        told = json.loads((tmp_path / "said").read_text("utf-8"))
    FIGURES[f"peak_rss_mb_{name}"] = round(peak, 1)
    assert told["state"] in {"failed", "unknown"}
    assert 10 < peak <= MOST_MB
