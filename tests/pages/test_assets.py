"""Streamlit's own files, answered without its five hops between threads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit

from tests.pages.conftest import Site

STATIC = Path(streamlit.__file__).parent / "static"


def first_script() -> str:
    found = re.search(r'src="\./(static/js/[^"]+\.js)"', (STATIC / "index.html").read_text(encoding="utf-8"))
    assert found, "where does Streamlit's page name its script now?"
    return found[1]


def test_a_script_comes_whole_dressed_and_for_ever(site: Site) -> None:
    name = first_script()

    reply = site.ask("GET", f"/{name}")

    assert (reply.status, reply.body) == (200, (STATIC / name).read_bytes())
    assert reply.headers["content-type"].startswith("text/javascript")
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in reply.headers


@pytest.mark.parametrize("folder", ["js", "css", "media"])
def test_each_of_streamlits_files_has_its_type(site: Site, folder: str) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".png": "image/png"}
    for file in sorted((STATIC / "static" / folder).iterdir())[:40]:
        reply = site.ask("GET", f"/static/{folder}/{file.name}")

        assert reply.status == 200
        assert reply.headers["content-type"].startswith(kinds.get(file.suffix, "")), file.name


@pytest.mark.parametrize("path", ["/static/js/nothing.js", "/static/js/../../index.html", "/static/js/", "/static/js"])
def test_what_is_no_file_there_goes_on_to_who_knows(site: Site, path: str) -> None:
    assert site.ask("GET", path).status == 404


def test_nothing_is_sent_to_it_and_no_foreign_name_is_answered(site: Site) -> None:
    path = f"/{first_script()}"

    assert site.ask("POST", path, {"Origin": site.origin}).status == 404
    assert site.ask("GET", path, {"Host": "evil.example"}).status == 421
