"""Pictures over HTTP: who may put one, who may see it, and what is no picture."""

from __future__ import annotations

import pytest

from services.pictures.kept import LARGEST_BYTES
from services.runtime import ForPerson, Runtime
from tests.pages.conftest import Site
from tests.pictures.paint import opened, painted


def test_a_picture_is_taken_in_and_shown_to_its_owner_alone(site: Site, me: ForPerson, runtime: Runtime) -> None:
    answer = site.ask("POST", "/api/pictures", {"Origin": site.origin}, painted((64, 48)))
    name = answer.body.decode()
    shown = site.ask("GET", f"/app/static/picture/{name}")
    saved = site.ask("GET", f"/app/static/picture/{name}?download=1")

    assert (answer.status, me.pictures.get(name).width) == (201, 64)
    assert (shown.status, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"].startswith("private")
    assert opened(shown.body).size == (64, 48)
    assert "picture.jpg" in saved.headers["content-disposition"]
    theirs = runtime.for_person("someone").pictures.take_in(painted((48, 64)))
    assert site.ask("GET", f"/app/static/picture/{theirs.sha256}").status == 404


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example"])
def test_another_site_cannot_put_one(site: Site, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}

    assert site.ask("POST", "/api/pictures", headers, painted((64, 48))).status == 403


def test_what_is_no_picture_is_named_by_its_code(site: Site) -> None:
    ours = {"Origin": site.origin}
    page, large = site.ask("POST", "/api/pictures", ours, b"<svg/>"), bytes(LARGEST_BYTES + 1)

    assert (page.status, page.body) == (400, b"picture_unreadable")
    assert site.ask("POST", "/api/pictures", ours, large).body == b"picture_too_large"
    for name in ("nothing", "..%2f..%2fetc%2fpasswd", "0" * 64):
        assert site.ask("GET", f"/app/static/picture/{name}").status == 404


def test_a_sample_is_drawn_when_it_is_asked_for(site: Site) -> None:
    answer = site.ask("GET", "/app/static/sample/look-noir")

    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert opened(answer.body).size == (320, 180)
    for name in ("look-nothing", "..%2f..%2fetc%2fpasswd"):
        assert site.ask("GET", f"/app/static/sample/{name}").status == 404
