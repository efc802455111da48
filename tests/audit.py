"""The audit command (`python -m tests.audit`): ask a public list whether a pinned package has a known hole.

It needs the network and its answer changes from day to day, so it stands apart and is never part of CI.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LISTS = ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt")
NETWORK = ("connection", "name resolution", "timed out", "max retries", "proxy", "temporary failure")


def audit() -> int:
    """Return 0 when nothing is known against any pin, 1 when something is, or nobody could be asked."""
    words = ["-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
    asked = [word for name in LISTS for word in ("--requirement", name)]
    done = subprocess.run([sys.executable, *words, *asked], cwd=PROJECT, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    if done.returncode and any(sign in said.lower() for sign in NETWORK):
        said = "The list of known holes could not be asked. Check the network and try again."
    print(said, file=sys.stderr if done.returncode else sys.stdout)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    if sys.argv[1:]:
        print("audit takes no arguments.", file=sys.stderr)
        raise SystemExit(2)
    raise SystemExit(audit())
