"""The test command (`python -m tests`): bring what tests want of the machine, then run pytest."""

from __future__ import annotations

import os
import sys

import pytest

from tests.machine import prepare

ALONE = ("-n", "--pdb", "--trace", "-x", "--stepwise")


def side_by_side(arguments: list[str]) -> list[str]:
    """Return pytest's options for a file a processor, two to four at a time; none where order matters to who asks."""
    if any(word.startswith(ALONE) for word in arguments):
        return []
    return ["-n", str(min(4, max(2, os.cpu_count() or 2))), "--dist", "loadfile", "--no-loadscope-reorder"]


if __name__ == "__main__":
    prepare()
    raise SystemExit(pytest.main([*side_by_side(sys.argv[1:]), *sys.argv[1:]]))
