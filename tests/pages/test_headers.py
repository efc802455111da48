"""The security headers, on every answer."""

from __future__ import annotations

from tests.pages.conftest import Site


def test_every_answer_carries_the_headers(site: Site) -> None:
    for path in ("/healthz", "/nowhere"):
        headers = site.ask("GET", path).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "img-src 'self' data: blob:;" in headers["content-security-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_streamlits_inline_script_is_admitted_by_its_hash_and_no_other(site: Site) -> None:
    policy = site.ask("GET", "/healthz").headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))

    assert scripts.count("'sha256-") >= 1, "Streamlit's page has an inline script; without its hash nothing starts"
    assert "unsafe-inline" not in scripts
