"""Writes docs/faults.md: `python3 -m tests.faults.table` runs the whole suite; nothing is typed by hand.

`python3 -m tests.faults.table RESULTS.json ...` takes what runs have written to `DAILIES_FAULT_RESULTS` instead.
"""

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


def main(*files: str) -> int:
    """Write the document from these results, or from a run of the suite; return pytest's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        code = 0 if files else run(results)
        read = [json.loads(Path(file).read_text("utf-8"))["faults"] for file in files or (results,)]
    found = {result["id"]: result for results_of_a_run in read for result in results_of_a_run}
    if missing := FAULTS.keys() - found.keys():
        raise SystemExit(f"no result of {', '.join(sorted(missing))}; docs/faults.md stays as it was")
    DOCUMENT.write_text(document(found.values()), "utf-8")
    return code


def run(results: Path) -> int:
    """Run the suite and have its results written; return pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "tests/faults", "-q", "--deselect", "tests/faults/test_table.py"]
    environment = {**os.environ, "DAILIES_FAULT_RESULTS": str(results)}
    return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
