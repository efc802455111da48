"""A real runtime on a folder of its own, its demo endpoint in a hurry, and our routes behind a real server."""

from __future__ import annotations

import http.client
import os
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.testing.v1 import AppTest

from pages.shared.people import LOCAL
from pages.shared.runtime import close_runtime, get_runtime
from pages.shared.web.assets import Assets
from pages.shared.web.gate import Gate
from pages.shared.web.headers import SecurityHeaders
from pages.shared.web.routes import ROUTES
from services.runtime import ForPerson, Runtime
from tests.other_store import other_store
from tests.pages.browsing import fresh_server, shown
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
PUBLIC_URL = "https://dailies.example"

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="package")  # no longer: the engine is one a process, and others want it after us
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """Everything behind the pages, for real; nothing of the developer's own environment reaches it."""
    with pytest.MonkeyPatch.context() as patch, other_store() as store:
        for name in [name for name in os.environ if name.startswith("DAILIES_")]:
            patch.delenv(name)
        patch.setenv("DAILIES_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("DAILIES_DATABASE_URL", store or "")
        patch.setenv("DAILIES_DEMO_PACE", "0.05")
        yield get_runtime()
        close_runtime()


@pytest.fixture
def me(runtime: Runtime) -> Iterator[ForPerson]:
    """What belongs to the person who looks at the pages; no test leaves the queue paused."""
    person = runtime.for_person(LOCAL)
    yield person
    if person.generations.paused:
        person.generations.cancel_all_waiting()
        person.generations.resume()


@pytest.fixture
def filmed(me: ForPerson) -> Callable[..., str]:
    """Send a prompt, at once, and return its id when it has ended and its videos are settled."""

    def film(prompt: str, endpoint_id: str | None = None) -> str:
        sent = me.generations.submit(prompt, nonce=os.urandom(8).hex(), endpoint_id=endpoint_id)
        if sent.state == "held":
            me.generations.send_now(sent.id)

        def settled() -> bool:
            now = me.generations.get(sent.id)
            return now.ended_at is not None and all(video.state in ("kept", "failed") for video in now.videos)

        wait_until(settled)
        return str(sent.id)

    return film


class Reply(NamedTuple):
    """An HTTP answer, read whole; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Site(NamedTuple):
    """Our routes behind uvicorn on a port of its own."""

    port: int

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Reply:
        """Ask on a fresh connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, named, answer.read())
        finally:
            connection.close()

    @property
    def origin(self) -> str:
        """What a browser that is on our own pages sends."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="package")
def site(runtime: Runtime) -> Iterator[Site]:
    """The routes and headers of app.py without Streamlit's own."""
    ours = [Middleware(SecurityHeaders), Middleware(Gate, PUBLIC_URL), Middleware(Assets)]
    app = Starlette(routes=ROUTES, middleware=ours)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="websockets-sansio", lifespan="off"))
    thread = threading.Thread(target=server.run, name="site")
    thread.start()
    wait_until(lambda: server.started)
    yield Site(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(60)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of `address`."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """A fresh server: nobody has visited it before the first test of a file."""
    with fresh_server(home) as url:
        yield url


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A new browser profile with one page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the browser showed to the report of a test that failed: on another machine nobody saw it."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None and hasattr(page, "evaluate"):  # AppTest's are too
        report.sections.append(("the page, when it failed", shown(page)))
    return report


@pytest.fixture
def added(me: ForPerson) -> Iterator[Callable[..., str]]:
    """Add an endpoint that is no demo to Dailies, though the same server answers; it is gone afterwards."""
    ids: list[str] = []

    def add(name: str, *, base_url: str | None = None, model: str = "demo-film") -> str:
        ids.append(
            me.endpoints.save(None, name=name, base_url=base_url or me.endpoints.get("demo").base_url, model=model).id
        )
        return ids[-1]

    yield add
    for endpoint_id in ids:
        me.endpoints.forget(endpoint_id)


@pytest.fixture
def app(runtime: Runtime, me: ForPerson) -> Iterator[AppTest]:
    """The frame on Create, nothing typed, in English."""
    me.drafts.save("")
    me.preferences.set("language", "en")
    if me.generations.paused:
        me.generations.resume()
    yield AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    me.generations.cancel_all_waiting()
