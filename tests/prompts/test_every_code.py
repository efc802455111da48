"""Every problem that a sheet, a form, a file or a batch can have is in a test, and so is every kind of variable."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from services.prompts.variables import Kind
from tests.prompts.test_many import BAD

PROJECT = Path(__file__).parents[2]
SAID = re.compile(r'(?:Problem|_refused)\(\s*"([a-z_]+)"')
CODES = sorted(
    (path.name, code)
    for path in (PROJECT / "services" / "prompts").glob("*.py")
    for code in set(SAID.findall(path.read_text("utf-8")))
)
TESTS = "\n".join(path.read_text("utf-8") for path in (PROJECT / "tests" / "prompts").glob("test_*.py"))


@pytest.mark.parametrize(("where", "code"), CODES)
def test_every_problem_that_can_be_told_has_a_test(where: str, code: str) -> None:
    assert f'"{code}"' in TESTS, where


def test_every_problem_of_a_sheet_of_prompts_has_a_row_that_has_it() -> None:
    files = ("csv_reading.py", "csv_batch.py")
    assert {code for where, code in CODES if where in files} <= {code for code, *_ in BAD}
    assert len(CODES) > 40  # else they are spelt in another way, and this test sees none


def test_every_kind_of_variable_has_a_test() -> None:
    assert set(get_args(Kind)) == {"text", "choice", "number"}  # tests/prompts/test_templates.py reads and fills each
