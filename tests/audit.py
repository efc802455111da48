"""The audit command (`python -m tests.audit`): ask a public list whether a pinned package has a known hole.

It needs the network and its answer changes from day to day, so it stands apart and is never part of CI.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
LISTS = ("requirements.txt", "requirements-team.txt", "requirements-dev.txt", "requirements-audit.txt")


def audit() -> int:
    """Return 0 when nothing is known against any pin; 1 when something is, or a package could not be asked about."""
    words = ["-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    asked = [word for name in LISTS for word in ("--requirement", name)]
    done = subprocess.run([sys.executable, *words, *asked], cwd=PROJECT, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    sentences, exit_code = verdict(packages)
    print(sentences, file=sys.stderr if exit_code else sys.stdout)
    return exit_code


def verdict(packages: list[dict[str, Any]]) -> tuple[str, int]:
    """Return what to say and the exit code. A package nobody could be asked about is no good news."""
    known = [package for package in packages if "skip_reason" not in package]
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {' '.join(hole['fix_versions']) or 'none'}"
        for package in known
        for hole in package.get("vulns", ())
    ]
    if not known:
        return "The list of known holes could not be asked. Check the network and try again.", 1
    if len(known) < len(packages):
        missing = ", ".join(package["name"] for package in packages if "skip_reason" in package)
        holes.append(f"Not in the list of known holes, so nothing is known about: {missing}")
    return ("\n".join(holes), 1) if holes else (f"No known hole in {len(known)} pinned packages.", 0)


if __name__ == "__main__":
    if sys.argv[1:]:
        print("audit takes no arguments.", file=sys.stderr)
        raise SystemExit(2)
    raise SystemExit(audit())
