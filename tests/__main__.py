"""The test command (`python -m tests`): bring what tests want of the machine, then run pytest."""

from __future__ import annotations

import sys

import pytest

from tests.machine import prepare

if __name__ == "__main__":
    prepare()
    raise SystemExit(pytest.main(sys.argv[1:]))
