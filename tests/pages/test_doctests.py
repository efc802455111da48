"""The examples in the docstrings of what pages share. The pages themselves are scripts: importing one runs it."""

from __future__ import annotations

import doctest

import pytest

from pages.shared import i18n, plain
from pages.shared.web import headers


@pytest.mark.parametrize("module", [i18n, plain, headers], ids=lambda module: module.__name__)
def test_the_examples_hold(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]  # its stub names the class of modules

    assert results.attempted > 0
    assert results.failed == 0
