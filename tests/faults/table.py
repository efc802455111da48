"""Writes docs/faults.md from a run of the whole suite: `python3 -m tests.faults.table`. Nothing is typed by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.faults.plan import FAULTS

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = PROJECT / "docs" / "faults.md"
HEAD = """# What happens when something fails

Written by `python3 -m tests.faults.table` from a run of `tests/faults`; a test compares it with each later run.
Every fault of the list is driven through the whole application: client, jobs, writer, media, a real SQLite file, real
processes and a real browser, against servers of our own that misbehave on bare sockets. "Charged" is what Dailies
says: *no* means surely not, *maybe* that it was or may have been. The sentence is what a person reads.

"""
CHARGED = {True: "maybe", False: "no", None: "not decided"}


def document(results: Iterable[dict[str, Any]]) -> str:
    """Return the whole document for these results, in the order of the list."""
    found = {result["id"]: result for result in results}
    rows = [row(found[id]) for id in FAULTS if id in found]
    posts = "POSTs counts what the endpoint received of one prompt"
    head = f"{HEAD}{len(rows)} faults. {posts}; text that arrived and is not kept: {lost(found)}.\n\n"
    table = ["| fault | ends as | charged | POSTs | a person reads | 用户看到 |", "|:--|:--|:--|--:|:--|:--|", *rows]
    return head + "\n".join(table) + "\n"


def row(result: dict[str, Any]) -> str:
    """Return the line of one result."""
    cells = (
        f"`{result['id']}`",
        result["outcome"],
        CHARGED[result["maybe_charged"]],
        str(result["posts"]),
        result["sentence_en"],
        result["sentence_zh"],
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def lost(found: dict[str, dict[str, Any]]) -> int:
    """Count the results with lost text."""
    return sum(bool(result["lost_text"]) for result in found.values())


def main() -> int:
    """Run the suite and write the document; return pytest's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        command = [sys.executable, "-m", "pytest", "tests/faults", "-q", "--deselect", "tests/faults/test_table.py"]
        environment = {**os.environ, "DAILIES_FAULT_RESULTS": str(results)}
        code = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
        found = json.loads(results.read_text("utf-8"))["faults"]
    if len(found) == len(FAULTS):
        DOCUMENT.write_text(document(found), "utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
