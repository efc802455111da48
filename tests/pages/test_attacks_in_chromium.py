"""Nothing that a model, an endpoint or a person writes runs or loads anything, on any page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.pages.browsing import IDLE, fresh_server, opened
from tests.pages.hostile import Canary, fill, listening_canary, payloads

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FRAME = (Path(__file__).parents[2] / "pages" / "frame.py").read_text("utf-8")
PAGES = [
    "/",
    *(f"/{name}" for name in re.findall(r'url_path="([^"]+)"', FRAME)),
    "/library?q=script",
    "/generation?id=<svg>",
]
OPEN_ALL = "document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())"
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.protocol)"
VIOLATIONS = "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.blockedURI))"
# What a page of ours would load or run if it could be made to.
INJECTED = """async (origin) => {
    const tries = [
        () => { document.body.append(Object.assign(new Image(), {src: `${origin}/img`})) },
        () => { document.body.append(Object.assign(document.createElement('video'), {src: `${origin}/video`})) },
        () => { document.body.append(Object.assign(document.createElement('iframe'), {src: `${origin}/frame`})) },
        () => { document.body.append(Object.assign(document.createElement('script'), {src: `${origin}/script`})) },
        () => { document.body.append(Object.assign(document.createElement('script'), {text: "xss('inline')"})) },
        () => { document.head.append(Object.assign(document.createElement('link'),
                {rel: 'stylesheet', href: `${origin}/css`})) },
        () => { document.body.insertAdjacentHTML('beforeend', `<b onclick="xss('attribute')" id=b>`); b.click() },
        () => { document.body.style.background = `url(${origin}/background)` },
        () => fetch(`${origin}/fetch`), () => navigator.sendBeacon(`${origin}/beacon`),
        () => new WebSocket(origin.replace('http', 'ws') + '/socket'), () => new EventSource(`${origin}/events`),
        () => { const form = Object.assign(document.createElement('form'), {action: `${origin}/form`, method: 'post'});
                document.body.append(form); form.submit() },
    ];
    for (const attempt of tries) { try { await attempt() } catch {} }
    await new Promise(done => setTimeout(done, 300));
}"""


class Attacked(NamedTuple):
    """A server on a folder full of attacks, and the canary they all point to."""

    url: str
    ids: list[str]
    canary: Canary


class Watched(NamedTuple):
    """A page and what it did that it must not."""

    page: Page
    fired: list[str]
    foreign: list[str]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    home = tmp_path_factory.mktemp("attacked")
    with listening_canary() as canary:
        ids = fill(home, payloads(canary))
        with fresh_server(home) as url:
            yield Attacked(url, ids, canary)


@pytest.fixture
def watched(chromium: Browser, attacked: Attacked) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    fired: list[str] = []
    foreign: list[str] = []
    context.expose_function("xss", lambda said: fired.append(said))
    context.add_init_script(VIOLATIONS)

    def shut(dialog: Dialog) -> None:
        fired.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", shut)

    def note(url: str) -> None:
        if not url.startswith((attacked.url, attacked.url.replace("http", "ws"), "data:", "blob:")):
            foreign.append(url)

    context.on("request", lambda request: note(request.url))
    yield Watched(context.new_page(), fired, foreign)
    context.close()


def test_no_attack_fires_or_loads_anything_on_any_page(watched: Watched, attacked: Attacked) -> None:
    page = watched.page
    both = ",".join(attacked.ids[-2:])
    rooms = [f"/compare?ids={both}{way}" for way in ("", "&way=playoff")]
    rooms += [f"/rescue?id={attacked.ids[2]}", "/reel?id=<svg>"]
    for path in [*PAGES, *rooms, *(f"/generation?id={id}" for id in attacked.ids)]:
        opened(page, f"{attacked.url}{path}")
        if both in path:  # the players come when the browser has drawn their component
            page.locator("video").nth(1).wait_for(state="attached")
        page.evaluate(OPEN_ALL)
        page.wait_for_selector(IDLE)
        # Not even tried: what only the policy stops would run in a browser that does not know it.
        assert page.evaluate("window.violations") == [], path
        assert set(page.evaluate(LINKS)) <= {"http:", "https:", ":"}, path  # ":" leads nowhere

    assert watched.fired == []
    assert watched.foreign == []
    assert attacked.canary.asked == []


def test_even_markup_that_got_in_would_load_and_run_nothing(watched: Watched, attacked: Attacked) -> None:
    page = opened(watched.page, f"{attacked.url}/help")

    page.evaluate(INJECTED, attacked.canary.origin)

    assert watched.fired == []
    assert attacked.canary.asked == []
    page.wait_for_function("window.violations.length >= 10")


def test_fonts_charts_and_components_work_under_the_policy(watched: Watched, attacked: Attacked, home: Path) -> None:
    page = opened(watched.page, f"{attacked.url}/usage")

    page.locator("[data-testid=stEChartsChart] svg, svg[xmlns]").first.wait_for()
    page.wait_for_function("[...document.fonts].some(f => f.status === 'loaded')")
    opened(page, f"{attacked.url}/library")
    page.locator(".grid a").first.wait_for()
    assert page.evaluate("window.violations") == []
