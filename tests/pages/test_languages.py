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

from pages.shared import tested
from pages.shared.errors import SENTENCES
from pages.shared.i18n import LANGUAGES
from pages.shared.words import LABELS, MEANINGS, OUTCOMES
from services.errors import DailiesError, EndpointError, MediaError

PROJECT = Path(__file__).resolve().parent.parent.parent
WORD = re.compile(r"[a-z]+(_[a-z]+)*")
# Where services say a code: a keyword, a variable, a table, a field of a verdict.
KEYWORDS = {"code", "error_code"}
NAMED = {"code", "codes", "over", "REASONS", "STOPPED", "_CATEGORIES", "_CODES", "_STATUS", "_NOT_SENT"}
PLACES = {"Verdict": 2, "AnswerError": 1, "_give_up": 0, "_RefusedError": 0, "store_error": 0}
# Words of those tables that are told as something else, and keys that a code is looked up by.
NO_CODES = {"user", "http_error", "code", "settings", "invalid_request", "unknown"}


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
    chinese = re.compile(r"[\u4e00-\u9fff，。：]")
    names = {"max_tokens", "Tokens"}  # said the same way in both

    for sentence, said in TOOL.read_po(po_of("zh_CN")).items():
        assert sentence.key in names or all(chinese.search(text) for text in said), sentence.key
        assert not chinese.search(sentence.key)


def test_chinese_addresses_the_reader_in_one_way() -> None:
    familiar = [sentence.key for sentence, said in TOOL.read_po(po_of("zh_CN")).items() if "你" in "".join(said)]

    assert familiar == [], "the catalogue says 您"


JOINERS = {  # what is joined there is sent, searched, set as a header, or a name before its value: no two sentences
    ("pages/shared/backup_view.py", "f'{_(FAULTS[fault.kind])} {fault.name}'"),
    ("pages/shared/compose_controls.py", "f'{_(LABELS[each.control])} {said(each.control, each.value)}'"),
    ("pages/shared/batch_shots.py", "filter(None, [fields.continuity, words])"),
    ("pages/shared/gallery.py", "words"),
    (
        "pages/shared/web/headers.py",
        "[\"'self'\", \"'unsafe-eval'\", *inline_script_hashes(index.read_bytes()), 'blob:']",
    ),
}


def spaced(node: ast.AST) -> Iterator[str]:
    """The expressions that put a space between two things that are read one after the other."""
    translated = re.compile(r"\b(_|ngettext|gettext)\(")
    match node:
        case ast.JoinedStr(values=parts):
            for before, space, after in zip(parts, parts[1:], parts[2:], strict=False):
                around = ast.unparse(before), ast.unparse(after)
                if isinstance(space, ast.Constant) and space.value == " " and any(map(translated.search, around)):
                    yield ast.unparse(node)
        case (
            ast.BinOp(op=ast.Add(), left=ast.BinOp(right=ast.Constant(value=" ")))
            | ast.BinOp(op=ast.Add(), left=ast.Constant(value=" "))
        ):
            yield ast.unparse(node)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=" "), attr="join"), args=[what]):
            if not (isinstance(what, ast.Call) and ast.unparse(what.func).endswith(".split")):
                yield ast.unparse(what)


def test_sentences_are_joined_in_the_one_way_that_knows_the_language() -> None:
    found = {
        (path.relative_to(PROJECT).as_posix(), said)
        for path in (PROJECT / "pages").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for said in spaced(node)
        if path.name != "i18n.py"
    }

    assert found - JOINERS == set(), "use pages.shared.i18n.together"


def subclasses(error: type[DailiesError]) -> Iterator[type[DailiesError]]:
    yield error
    for child in error.__subclasses__():
        yield from subclasses(child)


def words_in(node: ast.AST | None) -> Iterator[str]:
    """Every word that may come out of an expression; what a call is asked with (`get("x")`) comes out as well."""
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and WORD.fullmatch(part.value):
            yield part.value


def names_of(target: ast.AST) -> Iterator[str]:
    if isinstance(target, ast.Name | ast.Attribute):
        yield target.id if isinstance(target, ast.Name) else target.attr


def assigned(target: ast.AST, value: ast.AST | None) -> Iterator[str]:
    """The words given to a variable that holds a code, alone or as one of several."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from assigned(one, its)
    elif NAMED & set(names_of(target)):
        keys = value.keys if isinstance(value, ast.Dict) and "STOPPED" in names_of(target) else [value]
        for key in keys:
            yield from words_in(key)


def codes_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.keyword) and node.arg in KEYWORDS:
        yield from words_in(node.value)
    elif isinstance(node, ast.Call):
        for name in names_of(node.func):
            yield from words_in(node.args[PLACES[name]] if len(node.args) > PLACES.get(name, 99) else None)
    elif isinstance(node, ast.FunctionDef) and node.name.startswith(("category_of", "failure_in")):
        for part in ast.walk(node):
            yield from words_in(part.value if isinstance(part, ast.Return) else None)
    else:
        yield from codes_assigned(node)


def codes_assigned(node: ast.AST) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        yield from assigned(target, getattr(node, "value", None))


def codes_written_in_services() -> set[str]:
    """Every code in the source of services, however it is passed on."""
    found: set[str] = set()
    for path in (PROJECT / "services").rglob("*.py"):
        if "demo" not in path.parts:  # the demo endpoint plays a server: its codes are foreign words
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                found |= set(codes_of(node))
    return found - NO_CODES


def test_every_error_code_has_a_sentence() -> None:
    known = {error.code for error in subclasses(DailiesError)} | codes_written_in_services()

    assert sorted(known - set(SENTENCES) - set(tested.SENTENCES)) == []
    assert sorted(set(SENTENCES) - known - {"ok"}) == [], "sentences that nothing says: or the scan misses a place"
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
