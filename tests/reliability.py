"""The report (`python3 run.py check --report [--crash N]`): run everything and write docs/reliability.md from the run.

No figure in that page is typed: each comes from the suite that was just run, from the results it leaves behind, or
from `benchmarks/cancel.py`. The page says when a suite failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "reliability.md"
SUITE_GOAL_MINUTES, MEMORY_GOAL_MB, TAIL_GOAL_MS = 20, 250, 200
ZEROS = ("prompts_lost", "finished_changed", "texts_not_a_prefix", "integrity_failures", "posts_repeated", "films_lost")


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the suite left behind."""

    seconds: float
    failed: bool
    closing: str
    cases: dict[str, list[bool]]  # "module::function": whether each of its cases passed
    faults: dict[str, Any]
    crash: dict[str, Any]


def suite(crash: int) -> Run:
    """Run the whole test command with this many kills of the server; its output goes by as usual."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        junit, faults, kills = folder / "junit.xml", folder / "faults.json", folder / "crash.json"
        told = {"DAILIES_FAULT_RESULTS": str(faults), "DAILIES_CRASH_RESULTS": str(kills), "CI": "true"}
        began, closing = time.monotonic(), ""
        command = [sys.executable, "-m", "tests", f"--junitxml={junit}", "--crash", str(crash)]
        with subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | told, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as running:
            for line in running.stdout or ():
                print(line, end="", flush=True)
                closing = line.strip(" =\n") if line.startswith("=") else closing
        return Run(
            seconds=time.monotonic() - began,
            failed=running.returncode != 0,
            closing=closing,
            cases=cases(junit),
            faults=read(faults),
            crash=read(kills),
        )


def cases(junit: Path) -> dict[str, list[bool]]:
    """Return by test function how each of its cases went."""
    found: dict[str, list[bool]] = {}
    if junit.exists():
        for case in ElementTree.parse(junit).iter("testcase"):  # noqa: S314 - our own pytest wrote it
            module = case.get("classname", "").rpartition(".")[2]
            passed = not any(child.tag in {"failure", "error", "skipped"} for child in case)
            found.setdefault(f"{module}::{case.get('name', '').partition('[')[0]}", []).append(passed)
    return found


def read(path: Path) -> dict[str, Any]:
    """Return the JSON of a file; nothing if the suite did not get as far as writing it."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def cancel_table() -> str:
    """Run the benchmark of stops; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.cancel"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "The benchmark failed."


def rows(run: Run) -> list[tuple[str, str, str]]:
    """Return the figures: what, found, goal."""
    faults, kills = run.faults, run.crash.get("total", {})
    figures = faults.get("figures", {})
    return [
        (
            "Faults that end as planned",
            f"{faults.get('as_planned', '?')} of {faults.get('planned', '?')}",
            "140 of 140",
        ),
        ("Faults that lost text", said(faults, "lost_text"), "0"),
        ("Faults that sent a POST too many", said(faults, "extra_posts"), "0"),
        ("Places where the token was found afterwards", said(faults, "canary_hits"), "0"),
        *((name.replace("_", " ").capitalize(), f"{value:g}", "") for name, value in sorted(figures.items())),
        ("Kills of the whole server with 8 streams", said(kills, "rounds"), ">= 100"),
        *((f"Kills: {name.replace('_', ' ')}", said(kills, name), "0") for name in ZEROS),
        ("Kills: longest unsaved tail", f"{said(kills, 'unsaved_tail_max_ms')} ms", f"<= {TAIL_GOAL_MS} ms"),
        ("Kills: the machine itself was late by up to", f"{said(kills, 'machine_late_max_ms')} ms", ""),
        ("Private addresses dialled", failed(run, "test_address::test_a_hostile_spelling"), "0 of 41, twice"),
        ("Attacks that fired, all pages, in Chromium", failed(run, "test_attacks_in_chromium::"), "0"),
        (
            "The whole suite",
            f"{run.seconds / 60:.1f} min ({run.closing})",
            f"<= {SUITE_GOAL_MINUTES} min with 20 kills",
        ),
    ]


def said(results: dict[str, Any], name: str) -> str:
    """Return a figure in words; unknown is unknown, never 0."""
    return "unknown" if results.get(name) is None else str(results[name])


def failed(run: Run, prefix: str) -> str:
    """Return how many cases of the tests whose name begins so failed."""
    all_of_them = [passed for name, each in run.cases.items() if name.startswith(prefix) for passed in each]
    return f"{all_of_them.count(False)} of {len(all_of_them)} cases" if all_of_them else "unknown"


def page(run: Run, cancels: str) -> str:
    """Return docs/reliability.md."""
    lines = [f"| {what} | {value} | {goal} |" for what, value, goal in rows(run)]
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    states = ", ".join(f"{count} {state}" for state, count in run.crash.get("total", {}).get("states", {}).items())
    return "\n".join(
        [
            "# Reliability: what was measured",
            "",
            "Written by `python3 run.py check --report`; nothing here is typed by hand. What each fault comes to and",
            "what a person reads: [faults.md](faults.md). What is promised: [SECURITY.md](../SECURITY.md).",
            "",
            f"{time.strftime('%Y-%m-%d %H:%M')}, {machine}.{' **The suite failed.**' if run.failed else ''}",
            "",
            "| What | Found | Goal |",
            "|---|---|---|",
            *lines,
            "",
            f"After the kills the generations in flight were: {states or 'unknown'}.",
            "",
            "```",
            cancels,
            "```",
            "",
        ]
    )


def main(arguments: Sequence[str]) -> int:
    """Run, write the page, print it; 1 if the suite failed."""
    parser = argparse.ArgumentParser(prog="run.py check --report")
    parser.add_argument("--crash", type=int, default=100, help="how often the server is killed (default: 100)")
    run = suite(parser.parse_args(arguments).crash)
    text = page(run, cancel_table())
    PAGE.write_text(text, "utf-8")
    print(text)
    return 1 if run.failed else 0
