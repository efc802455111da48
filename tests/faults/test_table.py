"""docs/faults.md says what this very run has shown."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from tests.faults.plan import FAULTS
from tests.faults.results import RESULTS
from tests.faults.table import DOCUMENT, document, row


def test_the_plan_has_140_faults() -> None:
    assert len(FAULTS) == 140


def test_each_row_of_the_table_is_what_was_seen() -> None:
    if not RESULTS:
        pytest.skip("no case was run beside this one")
    written = set(DOCUMENT.read_text("utf-8").splitlines())
    rows = [row(asdict(result)) for result in RESULTS.values()]
    assert [line for line in rows if line not in written] == [], "run: python3 -m tests.faults.table"


def test_the_table_holds_every_fault_once_and_nothing_else() -> None:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    assert [line.split("`")[1] for line in lines if line.startswith("| `")] == list(FAULTS)
    if len(RESULTS) == len(FAULTS):
        assert DOCUMENT.read_text("utf-8") == document(asdict(result) for result in RESULTS.values())
