"""The audit says what it knows, and never calls silence good news."""

from __future__ import annotations

from typing import Any

from tests.audit import verdict

FINE: dict[str, Any] = {"name": "click", "version": "8.5.1", "vulns": []}
HOLED: dict[str, Any] = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNASKED: dict[str, Any] = {"name": "b", "skip_reason": "not found"}


def test_a_list_without_holes_is_good_news() -> None:
    assert verdict([FINE, FINE]) == ("No known hole in 2 pinned packages.", 0)


def test_a_known_hole_is_named_with_its_cure() -> None:
    assert verdict([FINE, HOLED]) == ("a 1: PYSEC-1, mended in 1.1", 1)


def test_without_the_network_there_is_one_sentence_and_no_good_news() -> None:
    for nothing in ([], [UNASKED, UNASKED]):
        sentence, exit_code = verdict(nothing)
        assert (sentence.startswith("The list of known holes could not be asked."), exit_code) == (True, 1)


def test_a_package_nobody_knows_of_is_told() -> None:
    assert verdict([FINE, UNASKED]) == ("Not in the list of known holes, so nothing is known about: b", 1)
