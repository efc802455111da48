"""What people do with Dailies, from the first visit on, in a real browser on the real application."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import opened, reloaded
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLAYS = "document.querySelector('video')?.currentTime > 0.3"


def listened(page: Page, address: str) -> list[str]:
    """Collect the errors in the console and every address asked outside of ours.

    Streamlit itself looks for its `_stcore` below a deep link before it looks at the root: two 404s that are no error.
    """
    troubles: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            troubles.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "blob:", "data:")):
            troubles.append(request.url)

    page.on("console", said)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", asked)
    return troubles


def send(page: Page, prompt: str) -> None:
    """Type it, press Generate, and see its card."""
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_role("button", name="Generate").click()
    page.locator("[class*=st-key-card-]").get_by_text(prompt, exact=True).first.wait_for()


def sent(home: Path, prompt: str) -> int:
    """How often it was sent: each row is posted at most once (tests/jobs)."""
    with sqlite3.connect(home / "dailies.db") as database:
        return int(database.execute("select count(*) from generations where prompt = ?", [prompt]).fetchone()[0])


def bytes_of(path: Path) -> bytes:
    """What a file of a running server holds; nothing where it has just been deleted."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return b""


def words_of(page: Page) -> str:
    return page.locator(".answer").first.inner_text()


def streaming(page: Page) -> str:
    """Wait until some words have arrived and return them."""
    page.locator(".answer .block").first.wait_for()
    wait_until(lambda: len(words_of(page)) > 20)
    return words_of(page)


def goes_on(page: Page, before: str) -> None:
    """Wait until all these words stand there again, and perhaps more."""
    wait_until(lambda: words_of(page).startswith(before))


def test_a_first_visit_becomes_a_playing_video(page: Page, address: str) -> None:
    troubles = listened(page, address)
    opened(page, address)
    page.get_by_text("The demo endpoint answers.").wait_for()
    page.locator(".st-key-example").get_by_text("Paper boat").click()
    page.wait_for_function("document.querySelector('.st-key-prompt textarea').value.startsWith('A paper boat')")
    page.get_by_role("button", name="Generate").click()
    page.locator(".answer").first.wait_for()
    page.wait_for_function(PLAYS)
    page.get_by_role("link", name="Everything about it").first.click()
    page.wait_for_url("**/generation?id=*")
    page.get_by_role("heading", name="Figures").wait_for()

    assert troubles == []


def test_no_page_says_an_error_in_the_console_or_asks_another_host(page: Page, address: str) -> None:
    troubles = listened(page, address)
    for name in ["", "queue", "library", "usage", "settings", "help", "generation"]:
        opened(page, f"{address}/{name}")

    assert troubles == []


def test_no_click_is_lost_while_answers_come_and_go(page: Page, address: str, home: Path) -> None:
    """Each end of an answer runs the page again, often in the middle of a click (pages/shared/whole.py)."""
    prompts = [f"Prompt {number} of a busy minute [fast]" for number in range(10)]
    opened(page, address)
    for prompt in prompts:
        send(page, prompt)

    assert [sent(home, prompt) for prompt in prompts] == [1] * len(prompts)


def test_a_closed_tab_stops_nothing(chromium: Browser, page: Page, address: str) -> None:
    opened(page, address)
    send(page, "A train leaves while nobody looks [slow]")
    before = streaming(page)
    page.context.close()
    context = chromium.new_context(locale="en-US")
    try:
        later = opened(context.new_page(), address)
        goes_on(later, before)
        seen = len(words_of(later))
        wait_until(lambda: len(words_of(later)) > seen)  # to its end: tests/faults/test_browser.py
        later.get_by_role("button", name="Cancel").first.click()
        later.get_by_text("You stopped it.").first.wait_for()
    finally:
        context.close()


def test_a_reload_in_the_middle_loses_no_word(page: Page, address: str, home: Path) -> None:
    prompt = "A reload in the middle [slow]"
    opened(page, address)
    send(page, prompt)
    before = streaming(page)
    reloaded(page)

    goes_on(page, before)
    assert sent(home, prompt) == 1
    page.get_by_role("button", name="Cancel").first.click()
    page.get_by_text("You stopped it.").first.wait_for()


def test_two_tabs_show_the_same_and_may_both_act(page: Page, address: str) -> None:
    second = opened(page.context.new_page(), f"{address}/queue")
    opened(page, address)
    send(page, "Seen from two tabs [slow]")
    second.locator("[class*=st-key-card-]").get_by_text("Seen from two tabs [slow]", exact=True).wait_for()
    there, here = streaming(second), streaming(page)

    assert there.startswith(here) or here.startswith(there)
    second.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_text("You stopped it.").first.wait_for()
    second.get_by_text("Nothing is running.").wait_for()


def test_markup_in_a_prompt_stays_words(page: Page, address: str) -> None:
    prompt = (
        "<img src=x onerror='window.fired=1'><script>window.fired=1</script> ![spy](http://evil.example/x.png) "
        "<img src=http://evil.example/y.png> [go](javascript:window.fired=1) :material/home: $x$ [fast]"
    )
    elsewhere = listened(page, address)
    opened(page, address)
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_role("button", name="Generate").click()
    page.locator("[class*=st-key-card-]").get_by_text("<script>window.fired=1</script>").first.wait_for()
    page.get_by_role("link", name="Everything about it").first.wait_for()
    fired = [page.evaluate("window.fired")]
    opened(page, f"{address}/library")
    page.locator(".grid a").get_by_text("<script>").first.wait_for()
    fired.append(page.evaluate("window.fired"))
    page.locator(".grid a").first.click()
    page.get_by_role("heading", name="Figures").wait_for()
    fired.append(page.evaluate("window.fired"))

    assert fired == [None] * 3
    assert elsewhere == []
    assert page.locator("img[src*=evil], a[href^=javascript]").count() == 0


def test_the_language_switches_and_is_remembered(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_text("中文", exact=True).click()
    page.get_by_role("link", name="素材库", exact=True).or_(page.get_by_role("button", name="生成")).first.wait_for()
    reloaded(page)
    page.get_by_role("button", name="生成").first.wait_for()
    page.get_by_text("English", exact=True).click()

    page.get_by_role("button", name="Generate").wait_for()


def test_back_after_use_again_returns_to_that_generation(page: Page, address: str) -> None:
    opened(page, address)
    send(page, "A heron lands, to be used again [fast]")
    page.get_by_role("link", name="Everything about it").first.click()
    page.wait_for_url("**/generation?id=*")
    there = page.url
    page.get_by_role("button", name="Use again").click()
    page.get_by_role("button", name="Generate").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Figures").wait_for()

    expect(page).to_have_url(there)


def test_an_address_that_leads_nowhere_says_so_and_leads_on(page: Page, address: str) -> None:
    opened(page, f"{address}/nothere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
    page.get_by_role("link", name="To Create").click()
    page.get_by_role("button", name="Generate").wait_for()

    page.wait_for_url(f"{address}/")


def test_a_token_is_kept_and_never_shown_again(page: Page, address: str, home: Path) -> None:
    """The last one here: afterwards the built-in endpoint is the one in use."""
    canary = "sk-canary-0123456789abcdef"
    opened(page, f"{address}/settings")
    field = page.locator("[class*=st-key-token-] input").first
    field.wait_for()
    field.fill(canary)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_text("Saved.").wait_for()
    for name in ["settings", "", "help"]:
        opened(page, f"{address}/{name}")
        values = page.evaluate("[...document.querySelectorAll('input, textarea')].map(field => field.value)")

        assert canary not in page.content()
        assert canary not in "".join(values)
    assert not any(canary.encode() in bytes_of(path) for path in home.rglob("*") if path.is_file())
