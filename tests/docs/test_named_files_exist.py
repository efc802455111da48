"""The documents name files; a list that names a file that is gone is a bug."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PATHS = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|toml|md|in|txt)|(?:[\w.-]+/)+|LICENSE|\.ci/run)`")
MADE_AT_RUN_TIME = {".venv/", ".data/"}


def named_in(document: Path) -> set[str]:
    return set(PATHS.findall(document.read_text(encoding="utf-8"))) - MADE_AT_RUN_TIME


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_file_a_document_names_exists(name: str) -> None:
    named = named_in(PROJECT / name)

    missing = sorted(path for path in named if not (PROJECT / path).exists())

    assert len(named) >= 10
    assert missing == []


def test_every_decision_says_context_decision_consequence_and_what_would_change_our_mind() -> None:
    decisions = sorted((PROJECT / "docs" / "adr").glob("*.md"))

    assert len(decisions) >= 7
    for decision in decisions:
        text = decision.read_text(encoding="utf-8")
        for word in ("Context", "Decision", "Consequence", "What would change our mind"):
            assert f"**{word}.**" in text, f"{decision.name} has no {word}"


def test_every_direct_requirement_is_pinned_the_same_in_the_exact_list() -> None:
    for source, exact in [
        (f"requirements{which}.in", f"requirements{which}.txt") for which in ("", "-team", "-dev", "-audit")
    ]:
        pinned = (PROJECT / exact).read_text(encoding="utf-8").lower()
        for line in (PROJECT / source).read_text(encoding="utf-8").splitlines():
            wanted = re.sub(r"\[.*?\]", "", line.split("#")[0].strip().lower())
            if wanted:
                assert re.search(rf"^{re.escape(wanted)}(==|\s|$)", pinned, re.MULTILINE), f"{wanted} not in {exact}"


def test_every_exact_requirement_is_pinned() -> None:
    for exact in ("requirements.txt", "requirements-team.txt", "requirements-dev.txt", "requirements-audit.txt"):
        for line in (PROJECT / exact).read_text(encoding="utf-8").splitlines():
            wanted = line.split("#")[0].strip()
            assert not wanted or re.match(r"[\w.-]+==[\w.]+( ; .+)?$", wanted), f"{line!r} in {exact} is not exact"
