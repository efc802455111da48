"""The check command (`python -m tests.checks [--fix | --report]`): format, lint, types, import contracts, security."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": ["-m", "ruff", "check", "--quiet", "."],
    "types": ["-m", "mypy", "--no-error-summary"],
    "imports": ["-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"],
    "security": ["-m", "bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", "."],
}
REPAIRS = (["-m", "ruff", "check", "--fix-only", "--quiet", "."], ["-m", "ruff", "format", "--quiet", "."])


def check(*, fix: bool) -> int:
    """Run every check, say how each went, and return 1 if one failed; `fix` repairs what can be repaired first."""
    for words in REPAIRS if fix else ():
        subprocess.run([sys.executable, *words], cwd=PROJECT, check=False)
    return 1 if [name for name, words in CHECKS.items() if not passes(name, words)] else 0


def passes(name: str, words: Sequence[str]) -> bool:
    """Run one check, print its output only if it failed, and its summary."""
    done = subprocess.run(
        [sys.executable, *words], cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        print(done.stdout + done.stderr)
    print(f"{name + ':':<10}{'failed' if done.returncode else 'ok'}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--report"]:
        from tests.reliability import main

        raise SystemExit(main(sys.argv[2:]))
    if set(sys.argv[1:]) - {"--fix"}:
        print("check takes no arguments but --fix, or --report [--crash N].", file=sys.stderr)
        raise SystemExit(2)
    raise SystemExit(check(fix="--fix" in sys.argv))
