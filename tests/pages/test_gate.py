"""The gate: our names, our pages, and nobody else's; on our routes and on Streamlit's own."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from starlette.routing import Route
from streamlit import config
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from pages.shared.web.routes import ROUTES
from services.runtime import ForPerson, Runtime
from tests.pages.conftest import PUBLIC_URL, Site
from tests.waiting import wait_until

FOREIGN = [None, "null", "http://evil.example", "http://127.0.0.1:1", "http://localhost:9", "https://127.0.0.1"]


def dial(site: Site, path: str, origin: str | None) -> ClientConnection:
    url = f"ws://127.0.0.1:{site.port}{path}"
    return connect(url, origin=origin, open_timeout=60)  # type: ignore[arg-type]  # its NewType wants no more than str


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::2]", "a b"]
)
def test_a_foreign_name_for_this_machine_gets_nothing(site: Site, name: str) -> None:
    """DNS rebinding: the browser believes that the other site is this machine, so Origin and Host agree."""
    named = {"Host": name, "Origin": f"http://{name}"}

    for method, path in (("GET", "/healthz"), ("GET", "/"), ("PUT", "/api/drafts/create"), ("POST", "/nowhere")):
        assert site.ask(method, path, named, b"theirs").status in (400, 421)


def test_an_address_with_a_nul_reaches_no_store(site: Site) -> None:
    assert site.ask("GET", "/app/static/media/%00").body == b"not found"
    assert site.ask("POST", "/api/generations/%00/marks", {"Origin": site.origin}, b"{}").status == 404


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_site_changes_nothing_on_any_route(site: Site, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    changing = [
        (method, route.path)
        for route in ROUTES
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]

    assert changing
    for method, path in [*changing, ("POST", "/_stcore/upload_file/a/b"), ("DELETE", "/_stcore/upload_file/a/b")]:
        assert site.ask(method, path.replace("{name}", "create"), headers, b"theirs").status == 403


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["/_stcore/stream", "/api/generations/x/live"])
def test_another_site_opens_no_socket(site: Site, origin: str | None, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        dial(site, path, origin).close()

    assert refused.value.response.status_code == 403


def test_behind_a_proxy_the_public_address_is_ours(site: Site) -> None:
    assert site.ask("GET", "/healthz", {"Host": "dailies.example"}).status == 200
    assert site.ask("PUT", "/api/drafts/create", {"Origin": PUBLIC_URL}, b"mine").status == 204
    assert site.ask("PUT", "/api/drafts/create", {"Origin": "https://x.dailies.example"}, b"theirs").status == 403


def test_a_kept_video_belongs_to_one_person(site: Site, runtime: Runtime) -> None:
    someone = runtime.for_person("someone")
    sent = someone.generations.submit("A private harbour [fast]", nonce=os.urandom(8).hex())

    def kept() -> bool:
        return [video.state for video in someone.generations.get(sent.id).videos] == ["kept"]

    wait_until(kept)
    video_id = someone.generations.get(sent.id).videos[0].id

    assert runtime.video_file("someone", video_id) is not None
    for kind in ("media", "poster"):
        assert site.ask("GET", f"/app/static/{kind}/{video_id}").status == 404


def test_nobody_listens_to_another_persons_answer(
    site: Site, runtime: Runtime, filmed: Callable[[str], str], me: ForPerson
) -> None:
    theirs = runtime.for_person("someone").generations.submit("Not for you [fast]", nonce=os.urandom(8).hex())

    with pytest.raises(InvalidStatus) as refused:
        dial(site, f"/api/generations/{theirs.id}/live", site.origin).close()

    assert refused.value.response.status_code == 403


def test_by_default_we_listen_to_this_machine_only_and_tell_nobody_anything() -> None:
    config.get_config_options(force_reparse=True)

    assert config.get_option("server.address") == "127.0.0.1"
    assert "*" not in config.get_option("server.allowedHosts")
    assert config.get_option("browser.gatherUsageStats") is False
    assert config.get_option("client.showErrorDetails") == "type"
    assert config.get_option("server.enableStaticServing") is False
