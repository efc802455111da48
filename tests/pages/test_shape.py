"""The shape of the pages: names, sizes, and what they may know."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted((PROJECT / "pages").glob("*.py"))
ALL = sorted((PROJECT / "pages").rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_is_named_like_a_module_it_would_shadow(page: Path) -> None:
    if page.stem == "__init__":
        return
    installed = set(importlib.metadata.packages_distributions())

    assert page.stem not in sys.stdlib_module_names
    assert page.stem not in installed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_reads_on_two_screens(page: Path) -> None:
    assert len(page.read_text("utf-8").splitlines()) <= 80


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_pages_know_services_and_nothing_below(path: Path) -> None:
    assert not imported(path) & {"db", "sqlalchemy", "requests", "urllib3", "dbos", "pandas", "av", "PIL"}


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_nothing_renders_foreign_markup_or_needs_pandas(path: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    keywords = {node.arg for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.keyword)}

    assert not called & {
        "html",
        "dataframe",
        "data_editor",
        "table",
        "bar_chart",
        "line_chart",
        "write",
        "write_stream",
    }
    assert not keywords & {"unsafe_allow_html", "unsafe_allow_javascript"}


def test_the_server_file_is_short_and_assigns_the_app_directly() -> None:
    text = (PROJECT / "app.py").read_text("utf-8")
    assigned = [node.value for node in ast.parse(text).body if isinstance(node, ast.Assign)]

    assert len(text.splitlines()) <= 60
    assert [ast.unparse(value).split("(")[0] for value in assigned if isinstance(value, ast.Call)] == ["st.App"]


def test_components_write_text_nodes_only() -> None:
    for script in (PROJECT / "pages").rglob("*.js"):
        text = script.read_text("utf-8").replace("never innerHTML", "")
        assert not any(danger in text for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(")), script
