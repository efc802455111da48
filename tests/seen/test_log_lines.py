"""The log as JSON: what happened to which generation, and not a word of anybody."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from services.seen.log_lines import JsonLines, about

PROJECT = Path(__file__).resolve().parents[2]
CANARY = "an albatross over the harbour"


def line_of(logger: str, message: str, *args: object, **more: object) -> dict[str, object]:
    record = logging.LogRecord(logger, logging.WARNING, "/x/y.py", 7, message, args, None)
    record.__dict__.update(more)
    return dict(json.loads(JsonLines().format(record)))


def test_our_own_line_says_what_and_of_which_generation() -> None:
    with about("g1"):
        line = line_of("services.jobs.runner", "ended", state="done", seconds=1.5)

    assert (line["said"], line["generation"], line["state"], line["seconds"]) == ("ended", "g1", "done", 1.5)
    assert (line["level"], line["logger"]) == ("warning", "services.jobs.runner")
    assert "generation" not in line_of("services.jobs.runner", "ended")


def test_of_somebody_elses_line_only_the_pattern_is_kept() -> None:
    assert line_of("uvicorn.error", "%s asked for %s", "ann", CANARY)["said"] == "%s asked for %s"
    assert line_of("dbos", f"running with {CANARY}")["said"] == "y:7"


def test_an_exception_is_its_kind_and_its_place() -> None:
    try:
        int(CANARY)
    except ValueError:
        record = logging.LogRecord("services.x", logging.ERROR, "x.py", 1, "broke", (), sys.exc_info())
    line = JsonLines().format(record)

    assert json.loads(line)["error"] == "ValueError"
    assert "test_log_lines.py" in line
    assert CANARY not in line


def test_a_whole_life_is_told_without_a_word_of_it(tmp_path: Path) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    done = subprocess.run(
        [sys.executable, "-m", "services.commands", "submit", f"{CANARY} [fast]", "--json"],
        cwd=PROJECT,
        env={**ours, "DAILIES_HOME": str(tmp_path), "DAILIES_DEMO_PACE": "0.05", "DAILIES_LOG": "json"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 0
    assert "albatross" not in done.stderr
    mine = [line["said"] for line in lines if line.get("generation") == json.loads(done.stdout)["id"]]
    assert mine == ["sending", "ended", "video saved"]


def test_a_word_that_is_no_kind_of_log_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.commands", "list"],
        cwd=PROJECT,
        env={**os.environ, "DAILIES_HOME": str(tmp_path), "DAILIES_LOG": "xml"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == "settings: DAILIES_LOG is json or not set, not 'xml'\n"
