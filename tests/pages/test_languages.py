"""Every sentence in both languages, every error code with a sentence."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pages.shared.errors import SENTENCES
from pages.shared.i18n import LANGUAGES
from pages.shared.words import LABELS, MEANINGS, OUTCOMES
from services.errors import DailiesError, EndpointError, MediaError

PROJECT = Path(__file__).resolve().parent.parent.parent
# What a reader of answers may report (the transport's own codes are classes of services.errors).
ANSWER_CODES = [
    "content_policy",
    "rate_limited",
    "insufficient_quota",
    "model_unavailable",
    "auth",
    "timeout",
    "gateway",
    "upstream_error",
    "bad_request",
    "not_found",
    "too_large",
    "redirect",
    "html_answer",
    "empty_answer",
    "cut_short",
    "limit_line",
    "limit_event",
    "limit_total",
    "limit_text",
    "no_answer",
    "unknown_status",
]


def catalogue() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", PROJECT / "locale" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = catalogue()


def po_of(language: str) -> Path:
    return PROJECT / "locale" / language / "LC_MESSAGES" / "dailies.po"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_and_none_is_left_over(language: str) -> None:
    entries = TOOL.read_po(po_of(language))

    assert set(entries) == set(TOOL.gather()), "run: python3 locale/catalogue.py"
    assert [sentence.key for sentence, said in entries.items() if not all(said)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_the_written_one_says(language: str) -> None:
    spoken = gettext.translation("dailies", PROJECT / "locale", [language])

    for sentence, said in TOOL.read_po(po_of(language)).items():
        if sentence.plural:
            assert spoken.ngettext(sentence.key, sentence.plural, 1) == said[0]
            assert spoken.ngettext(sentence.key, sentence.plural, 5) == said[-1]
        else:
            assert spoken.gettext(sentence.key) == said[0]


def test_a_translation_keeps_every_placeholder() -> None:
    for sentence, said in TOOL.read_po(po_of("zh_CN")).items():
        for text in said:
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", sentence.key)), sentence.key


def test_chinese_is_chinese_and_english_is_english() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    names = {"max_tokens", "Tokens"}  # said the same way in both

    for sentence, said in TOOL.read_po(po_of("zh_CN")).items():
        assert sentence.key in names or all(chinese.search(text) for text in said), sentence.key
        assert not chinese.search(sentence.key)


def subclasses(error: type[DailiesError]) -> Iterator[type[DailiesError]]:
    yield error
    for child in error.__subclasses__():
        yield from subclasses(child)


def codes_written_in_services() -> Iterator[str]:
    """`code="…"` in a call, and `error_code="…"`, wherever services raise or end something."""
    for path in (PROJECT / "services").rglob("*.py"):
        if "demo" in path.parts:  # the demo endpoint plays a server: its codes are foreign words
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in ("code", "error_code"):
                value = node.value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def test_every_error_code_has_a_sentence() -> None:
    known = {error.code for error in subclasses(DailiesError)} | set(ANSWER_CODES) | set(codes_written_in_services())

    assert sorted(known - set(SENTENCES)) == []
    assert {EndpointError.code, MediaError.code} <= set(SENTENCES)


def test_every_state_and_outcome_has_its_words() -> None:
    states = [
        "held",
        "queued",
        "sending",
        "streaming",
        "done",
        "failed",
        "rejected",
        "not_sent",
        "unknown",
        "incomplete",
        "cancelled",
    ]

    assert list(LABELS) == states
    assert list(MEANINGS) == states
    assert list(OUTCOMES) == ["video", "link", "text", "refused", "none"]
