"""The line of a tab: what it sends is told at once, every word once, and to nobody else."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from pages.shared import tabs
from pages.shared.people import LOCAL
from pages.shared.tabs import tell_tab
from services.runtime import ForPerson
from tests.jobs.relay import Relay
from tests.pages.browsing import IDLE, fresh_server, opened
from tests.pages.conftest import Site
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, WebSocketRoute

FIRST, SECOND = "A red ferry", "A green ferry"


@contextlib.contextmanager
def line(site: Site, tab: str, origin: str) -> Iterator[ClientConnection]:
    """Open a tab's line and wait until the server knows of it."""
    url = f"ws://127.0.0.1:{site.port}/api/tabs/{tab}/live"
    with connect(url, origin=Origin(origin), open_timeout=20) as socket:
        wait_until(lambda: (LOCAL, tab) in tabs._lines)
        yield socket


def send(me: ForPerson, tab: str, prompt: str) -> str:
    """Do what a click on Generate does."""
    sent = me.generations.submit(prompt, nonce=os.urandom(8).hex())
    tell_tab(LOCAL, tab, sent.id)
    return sent.id


def heard(socket: ClientConnection, generation_id: str) -> list[dict[str, Any]]:
    """Return what is said of a generation, to its end."""
    said: list[dict[str, Any]] = []
    while not (said and said[-1]["done"]):
        one = json.loads(socket.recv(timeout=60))
        if one["id"] == generation_id:
            said.append(one)
    return said


def text_of(said: list[dict[str, Any]]) -> str:
    return "".join(text for one in said for kind, text in one["t"] if kind == "c")


def test_a_tab_hears_each_answer_it_asked_for_whole(site: Site, me: ForPerson) -> None:
    with line(site, "one", site.origin) as socket:
        for prompt in ("A ferry at dawn [fast]", "A ferry at dusk [fast]"):
            id = send(me, "one", prompt)
            said = text_of(heard(socket, id))
            assert said
            becomes(lambda id=id: me.generations.get(id).content, said)  # type: ignore[misc]  # this turn's


def test_what_is_sent_next_takes_the_line_over(site: Site, me: ForPerson) -> None:
    with line(site, "two", site.origin) as socket:
        silent = send(me, "two", "A ferry that never lands [silent]")
        assert json.loads(socket.recv(timeout=60))["id"] == silent
        id = send(me, "two", "A ferry that lands [fast]")
        becomes(lambda: me.generations.get(id).content, text_of(heard(socket, id)))
    me.generations.cancel(silent)


def test_a_tab_hears_nothing_of_others(site: Site, me: ForPerson) -> None:
    with line(site, "three", site.origin) as socket:
        send(me, "another", "A ferry elsewhere [fast]")
        id = send(me, "three", "A ferry here [fast]")
        assert json.loads(socket.recv(timeout=60))["id"] == id
        tell_tab("somebody else", "three", id)
        heard(socket, id)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.3)


def test_a_line_that_is_gone_is_forgotten(site: Site, me: ForPerson) -> None:
    with line(site, "four", site.origin):
        pass

    wait_until(lambda: (LOCAL, "four") not in tabs._lines)
    send(me, "four", "A ferry nobody waits for [fast]")


def test_another_site_cannot_open_a_line(site: Site) -> None:
    with pytest.raises(InvalidStatus) as refused, line(site, "five", "http://evil.example"):
        pass

    assert refused.value.response.status_code == 403


class Held:
    """Streamlit's own connection, whose answers can be held back: a page that takes its time."""

    def __init__(self, page: Page) -> None:
        self.holding = False
        self._kept: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(re.compile("/_stcore/stream"), self._route)

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def answer(message: str | bytes) -> None:
            if self.holding:
                self._kept.append((socket, message))
            else:
                socket.send(message)

        server.on_message(answer)

    def let_go(self) -> None:
        self.holding = False
        for socket, message in self._kept:
            socket.send(message)
        self._kept.clear()


def line_opens(page: Page) -> Callable[[], bool]:
    """Return how to ask whether the page's line stands."""
    lines: set[str] = set()
    standing: list[str] = []
    browser = page.context.new_cdp_session(page)

    def made(said: dict[str, Any]) -> None:
        if "/api/tabs/" in said["url"]:
            lines.add(said["requestId"])

    def answered(said: dict[str, Any]) -> None:
        standing.append(said["requestId"])

    browser.on("Network.webSocketCreated", made)
    browser.on("Network.webSocketHandshakeResponseReceived", answered)
    browser.send("Network.enable")
    return lambda: page.evaluate("1") == 1 and bool(lines & set(standing))


@pytest.mark.browser
@pytest.mark.slow
def test_words_are_there_before_the_page_and_stay_once_when_it_comes(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    page.set_default_timeout(60_000)
    held, stands = Held(page), line_opens(page)
    with Relay(deltas=4000, gap_seconds=0.05).running() as relay:
        given = {"DAILIES_BASE_URL": relay.base_url, "DAILIES_TOKEN": "t", "DAILIES_UNDO_SECONDS": "0"}
        with fresh_server(tmp_path, port=0, **given) as address:
            opened(page, address)
            wait_until(stands, seconds=60)
            now = page.locator(".st-key-card-now")
            words, asked = now.locator(".answer .block"), now.get_by_text(FIRST)
            page.get_by_label("Prompt", exact=True).fill(FIRST)
            page.get_by_label("Prompt", exact=True).press("Tab")
            page.wait_for_selector(IDLE)

            held.holding = True
            page.get_by_role("button", name="Generate").click()
            words.wait_for()
            assert asked.count() == 0, "the page has not come yet"
            words.evaluate("node => node.first = true")
            held.let_go()
            asked.wait_for()
            assert words.evaluate("node => node.first"), "the same words, not drawn anew"

            page.get_by_label("Prompt", exact=True).fill(SECOND)
            page.get_by_label("Prompt", exact=True).press("Tab")
            page.wait_for_selector(IDLE)
            page.get_by_role("button", name="Generate").click()
            now.get_by_text(SECOND, exact=True).wait_for()
            expect(page.locator(".answer")).to_have_count(2)  # the one before goes on further down
            for answer in page.locator(".answer").all():
                expect(answer).to_have_text(re.compile(r"^(piece \d+ )+$"))
            assert relay.posts == {FIRST: 1, SECOND: 1}

            now.get_by_role("button", name="Cancel").click()
            expect(now.get_by_text("Cancelled")).to_be_visible()
            expect(now.locator(".answer")).to_have_count(0)
            expect(now.get_by_text(SECOND, exact=True)).to_be_visible()
    context.close()
