"""Faults in front of the screen: real Chromium before a real server that sends to an endpoint of ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from services.errors import PromptError
from services.runtime import start
from services.settings import Settings
from tests.fault_server import FaultServer
from tests.faults.canary import hits
from tests.faults.cuttable import Line
from tests.faults.house import House
from tests.faults.results import Result, judged
from tests.faults.shed import in_house, killed, shed
from tests.faults.site import Relay, Site
from tests.faults.telling import explained
from tests.pages.browsing import drawn, opened, reloaded
from tests.postgres import PostgresServer, postgres_server
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

__all__ = ["postgres_server"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
DROPPED_SECONDS = 30.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    relay = Relay()
    with FaultServer(relay) as server, shed(tmp_path_factory.mktemp("site"), server) as made:
        _, url = made.serve()
        yield Site(made, relay, url, made.me())


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A page whose line was cut while its answer came."""

    page: Page
    line: Line
    at: float
    before: str


@pytest.fixture(scope="module", autouse=True)
def dropped(request: pytest.FixtureRequest, site: Site, chromium: Browser) -> Iterator[Dropped | None]:
    """Begin at once what lasts half a minute, if it was asked for."""
    if not any(
        item.name == test_a_line_that_is_gone_for_half_a_minute_costs_no_word.__name__ for item in request.session.items
    ):
        yield None
        return
    with Line(urlsplit(site.url).port or 0).running() as line:
        context = chromium.new_context(locale="en-US")
        page = opened(context.new_page(), f"http://127.0.0.1:{line.port}")
        site.relay.go.clear()
        send(page, "A line that drops [slow]")
        (row,) = site.of("A line that drops [slow]")
        opened(page, f"http://127.0.0.1:{line.port}/generation?id={row.id}")
        before = answer_of(page)
        line.cut()
        assert line.broken > 0
        yield Dropped(page, line, time.monotonic(), before)
        context.close()


def box(page: Page) -> str:
    return page.get_by_label("Prompt", exact=True).input_value()


def typed(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)


def generate(page: Page) -> None:
    page.get_by_role("button", name="Generate").click()


def send(page: Page, prompt: str) -> None:
    """Type it, press Generate, and see its card."""
    typed(page, prompt)
    generate(page)
    page.locator("[class*=st-key-card-]").get_by_text(prompt, exact=True).first.wait_for()


def answer_of(page: Page) -> str:
    """Wait until some words of the newest answer are on the screen; return them."""
    page.locator(".answer").first.get_by_text("You asked").wait_for()
    return page.locator(".answer").first.inner_text()


def told(site: Site, house: House, id: str, prompt: str, page: Page) -> Result:
    """Return what came of one prompt; nothing on the screen may hold the token."""
    result = in_house(house, site.me).result(id, site.done(prompt), None)
    shown = hits(page.content())
    return replace(result, posts=site.posts(prompt), canary_hits=result.canary_hits + shown)


def test_a_closed_tab_stops_nothing(site: Site, house: House, page: Page, context: BrowserContext) -> None:
    prompt = "A tab that is closed [slow]"
    site.relay.go.clear()
    opened(page, site.url)
    send(page, prompt)
    answer_of(page)
    page.close()
    site.relay.go.set()
    site.done(prompt)
    later = opened(context.new_page(), f"{site.url}/library")
    later.locator(".grid a").get_by_text(prompt).first.wait_for()
    judged(told(site, house, "tab-closed-mid-stream", prompt, later))


def test_a_reload_shows_the_same_words(site: Site, house: House, page: Page) -> None:
    prompt = "A page that is loaded anew [slow]"
    site.relay.go.clear()
    opened(page, site.url)
    send(page, prompt)
    before = answer_of(page)
    reloaded(page)
    wait_until(lambda: answer_of(page).startswith(before.strip()))
    site.relay.go.set()
    judged(told(site, house, "reload-mid-stream", prompt, page))


def test_a_double_click_sends_once(site: Site, house: House, page: Page) -> None:
    prompt = "A click that is doubled"
    opened(page, site.url)
    typed(page, prompt)
    page.get_by_role("button", name="Generate").dblclick()
    page.locator("[class*=st-key-card-]").get_by_text(prompt, exact=True).first.wait_for()
    judged(told(site, house, "double-click-send", prompt, page))


def test_the_back_button_sends_nothing(site: Site, house: House, page: Page) -> None:
    prompt = "A way back to the form"
    opened(page, site.url)
    send(page, prompt)
    site.done(prompt)
    page.get_by_role("link", name="Everything about it").first.click()
    page.wait_for_url("**/generation?id=*")
    page.go_back()
    page.get_by_label("Prompt", exact=True).wait_for()
    drawn(page)
    reloaded(page)
    judged(told(site, house, "back-button-resend", prompt, page))


def test_two_tabs_of_one_person_are_two_sends(site: Site, house: House, context: BrowserContext) -> None:
    prompts = ["Tab one asks for a boat", "Tab two asks for a kite"]
    tabs = [opened(context.new_page(), site.url) for _ in prompts]
    for tab, prompt in zip(tabs, prompts, strict=True):
        typed(tab, prompt)
    for tab in tabs:
        generate(tab)
    both = [site.done(prompt) for prompt in prompts]
    result = told(site, house, "two-tabs-same-user", prompts[0], tabs[0])
    judged(replace(result, posts=sum(map(site.posts, prompts))))
    assert len({one.id for one in both}) == 2
    assert [site.posts(prompt) for prompt in prompts] == [1, 1]


def test_a_rerun_in_the_middle_of_a_send_sends_once(site: Site, house: House, page: Page) -> None:
    """A click on something else at once after Generate runs the script again from the top."""
    prompt = "A script that begins anew"
    opened(page, site.url)
    typed(page, prompt)
    button = page.get_by_role("button", name="Generate")
    language = page.get_by_text("中文", exact=True)
    button.evaluate("(one, other) => { one.click(); other.click(); }", language.element_handle())
    page.get_by_role("button", name="生成").first.wait_for()
    judged(told(site, house, "script-rerun-while-sending", prompt, page))
    page.get_by_text("English", exact=True).click()
    page.get_by_role("button", name="Generate").wait_for()


def test_a_prompt_of_a_megabyte_is_refused_here(site: Site, page: Page) -> None:
    before = (len(site.made.server.requests), len(site.me.generations.newest(limit=100)))
    opened(page, site.url)
    typed(page, "boat " * 200_000)
    generate(page)
    page.get_by_text("This prompt is too long to send.").wait_for()
    words = explained(PromptError(code="prompt_too_long"))
    judged(
        Result(
            id="prompt-1-MB",
            outcome="rejected locally",
            maybe_charged=False,
            posts=len(site.made.server.requests) - before[0],
            lost_text=False,
            sentence_en=words.en,
            sentence_zh=words.zh,
            canary_hits=hits(page.content()),
        )
    )
    assert len(site.me.generations.newest(limit=100)) == before[1]
    becomes(lambda: len(box(page)), 1_000_000)  # what was typed stays
    typed(page, "")
    page.get_by_role("button", name="Clear").click()


def test_signs_that_no_database_takes_are_replaced_once(
    site: Site, house: House, page: Page, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    wild, clean = "boat\0 \ud83d kite \u202eedocne", "boat\ufffd \ufffd kite \u202eedocne"
    opened(page, site.url)
    page.get_by_label("Prompt", exact=True).evaluate(
        "box => { box.focus(); Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call("
        "box, 'boat\\u0000 \\ud83d kite \\u202eedocne'); box.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    generate(page)
    wait_until(lambda: site.of(clean))
    judged(told(site, house, "prompt-nul-surrogate-rtl", clean, page))
    postgres_server.execute("CREATE DATABASE faults")
    settings = Settings(home=tmp_path, base_url="http://127.0.0.1:1", database_url=postgres_server.url("faults"))
    runtime = start(settings, executes=False)
    try:
        assert runtime.for_person("local").generations.submit(wild, nonce="n").prompt == clean
    finally:
        runtime.close()
        postgres_server.execute("DROP DATABASE faults WITH (FORCE)")


def test_a_line_that_is_gone_for_half_a_minute_costs_no_word(site: Site, house: House, dropped: Dropped | None) -> None:
    assert dropped is not None
    threading.Event().wait(max(0.0, dropped.at + DROPPED_SECONDS - time.monotonic()))  # the fault itself
    site.relay.go.set()
    dropped.line.mend()
    prompt = "A line that drops [slow]"
    ended = site.done(prompt)
    dropped.page.get_by_text("Text only").first.wait_for()
    expect(dropped.page.get_by_role("button", name="Cancel"), "the page has noticed the end").to_have_count(0)
    judged(told(site, house, "websocket-drops-30-s", prompt, dropped.page))
    assert dropped.before.strip().startswith(ended.content[:20])


def test_killed_before_there_is_a_row_the_draft_has_the_words(chromium: Browser, tmp_path: Path, house: House) -> None:
    with FaultServer() as server, shed(tmp_path, server) as made:
        process, url = made.serve()
        context = chromium.new_context(locale="en-US")
        page = opened(context.new_page(), url)
        page.get_by_label("Prompt", exact=True).press_sequentially("Half a thought about a boat", delay=5)
        look = made.me()
        wait_until(lambda: look.drafts.load() == "Half a thought about a boat")
        killed(process)
        context.close()
        _, url = made.serve()
        context = chromium.new_context(locale="en-US")
        again = opened(context.new_page(), url)
        again.wait_for_function(
            "document.querySelector('.st-key-prompt textarea')?.value === 'Half a thought about a boat'"
        )
        shown = again.content()
        context.close()
        judged(
            Result(
                id="kill9-before-insert",
                outcome="draft kept",
                maybe_charged=False,
                posts=server.posts,
                lost_text=look.drafts.load() != "Half a thought about a boat",
                sentence_en="The words are in the prompt box again.",
                sentence_zh="提示词回到输入框中。",
                canary_hits=hits(shown),
            )
        )
        assert look.generations.newest() == []
