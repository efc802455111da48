"""Take the pictures of the guide and of the README anew, in both languages, on the demo endpoint, in a real browser.

    python3 -m docs.take_screenshots          # both languages
    python3 -m docs.take_screenshots en
    python3 -m docs.take_screenshots en money # only those of prices, budgets and balance

Needs what the tests need: Playwright and the system's Chromium. Nothing of your own data is touched.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from docs import guide_money
from docs.guide_walk import FOLDER, IDLE, Guide, server
from docs.guide_words import LOCALES, MORE, PROMPTS, SAVING, SHARED, SHOTS, fifty_rows
from docs.guide_writer import BEFORE, MODEL, writer

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def create(guide: Guide) -> None:
    """Three videos made, the last one on the screen."""
    guide.open()
    for prompt in PROMPTS[guide.language]:
        guide.type_in("prompt", prompt)
        guide.click("generate")
        guide.page.locator("video").first.wait_for(timeout=60_000)
        still = "words => !document.body.innerText.includes(words)"
        guide.page.wait_for_function(still, arg=SAVING[guide.language], timeout=60_000)
    guide.page.set_viewport_size({"width": 1200, "height": 1300})
    guide.settle()
    guide.shoot("create")
    guide.page.set_viewport_size({"width": 1200, "height": 900})


def picture(guide: Guide) -> None:
    """The last frame of a film, from which the next one begins."""
    guide.open("library")
    guide.page.locator(".grid a:has(img)").last.click()
    guide.page.get_by_role("heading", level=1).wait_for()
    guide.settle()
    guide.page.locator("[data-testid=stPopover] button").filter(has_text="photo_camera").click()
    guide.click("frame-use")
    guide.page.locator(".st-key-reference-picture img").wait_for()
    guide.settle()
    guide.shoot("picture")
    guide.click("picture-out")


def compose(guide: Guide) -> None:
    """The fields beside the text, begun with a template and a look."""
    guide.open()
    guide.click("clear")
    guide.page.locator(".st-key-compose-open label").first.click()
    guide.settle()
    guide.page.locator(".st-key-cards-templates button").nth(2).click()
    guide.settle()
    guide.page.locator(".st-key-cards-looks button").nth(4).click()
    guide.settle()
    guide.page.set_viewport_size({"width": 1200, "height": 1300})
    guide.page.locator(".st-key-prompt").evaluate("it => it.scrollIntoView({ block: 'start' })")
    guide.pictures()
    guide.shoot("compose", top="prompt")
    guide.page.reload()
    guide.page.locator(".st-key-cards-looks button").first.wait_for()
    guide.settle()
    guide.pictures()
    guide.shoot("reload", top="prompt")
    guide.page.set_viewport_size({"width": 1200, "height": 900})
    guide.settle()
    guide.click("put-aside")
    guide.page.wait_for_function("document.querySelector('.st-key-prompt textarea').value === ''")
    guide.page.locator(".st-key-compose-open label").first.click()
    guide.settle()


def drafts(guide: Guide) -> None:
    """What was put aside, and a search among what was sent."""
    guide.open("drafts")
    guide.shoot("drafts")


def several(guide: Guide) -> None:
    """Many prompts, then a shot list."""
    guide.open("batch")
    guide.type_in("batch-lines", "\n".join(MORE[guide.language]))
    guide.shoot("several")
    guide.page.locator(".st-key-batch-way [role=radiogroup] label").nth(3).click()
    guide.settle()
    guide.type_in("batch-shots", SHOTS[guide.language])
    guide.type_in("batch-shared", SHARED[guide.language])
    guide.shoot("shots", top="batch-way")
    guide.page.locator(".st-key-batch-way [role=radiogroup] label").nth(0).click()
    guide.settle()


def sheet(guide: Guide) -> None:
    """A CSV file of fifty rows, three of which cannot be sent."""
    guide.open("batch")
    way = guide.page.locator(".st-key-batch-way [role=radiogroup] label")
    way.nth(4).click()
    guide.settle()
    file = {"name": "fifty.csv", "mimeType": "text/csv", "buffer": fifty_rows(guide.language).encode()}
    guide.page.locator(".st-key-batch-file input[type=file]").set_input_files(files=[file])  # type: ignore[arg-type]
    guide.page.locator(".st-key-batch-problems tbody").wait_for()
    guide.settle()
    guide.shoot("sheet", top="batch-way")
    way.nth(0).click()
    guide.settle()


def night(guide: Guide) -> None:
    """A batch left for the night: the hours, the cap, and the shift on the Queue."""
    guide.open("batch")
    guide.page.locator(".st-key-for-night label").first.click()
    guide.settle()
    guide.shoot("night", top="batch-preview")
    for key, hour in (("night-begin", -1), ("night-end", 5)):
        guide.page.locator(f".st-key-{key}").get_by_role("spinbutton").first.click()
        guide.page.keyboard.type(f"{(guide.page.evaluate('new Date().getHours()') + hour) % 24:02}00")
        guide.page.keyboard.press("Tab")
        guide.settle()
    guide.click("night-plan")
    guide.click("night-yes")
    guide.open("queue")
    guide.shoot("queue")


def reel(guide: Guide) -> None:
    """The morning after."""
    guide.open("night")
    guide.page.locator("[class*=st-key-past-night-]").first.wait_for(timeout=90_000)
    guide.page.locator("[class*=st-key-past-night-] a").first.click()
    guide.page.locator(".reel .strip button").nth(2).wait_for(timeout=90_000)
    guide.settle()
    guide.page.keyboard.press("k")
    guide.page.keyboard.press("a")
    guide.settle()
    guide.shoot("reel")


def library(guide: Guide) -> None:
    """The library, and one generation of it."""
    guide.open("library")
    guide.shoot("library")
    guide.page.locator(".grid a").last.click()
    guide.page.get_by_role("heading", level=1).wait_for()
    guide.settle()
    guide.shoot("generation")


def compare(guide: Guide) -> None:
    """Two clips side by side, the same two in a play-off, and what works."""
    guide.open("library")
    covers = guide.page.locator(".grid a.cover")
    ids = [str(covers.nth(number).get_attribute("href")).partition("id=")[2].partition("&")[0] for number in (4, 5)]
    guide.open(f"compare?ids={','.join(ids)}")
    guide.page.locator("figure video").nth(1).wait_for()
    guide.settle()
    guide.shoot("compare")
    guide.open(f"compare?ids={','.join(ids)}&way=playoff")
    guide.page.locator("figure video").nth(1).wait_for()
    guide.settle()
    guide.shoot("play-off")


def rescue(guide: Guide) -> None:
    """A prompt that ended without its video."""
    guide.open()
    guide.type_in("prompt", {"en": "A harbour at night [page link]", "zh": "夜里的港口 [网页链接]"}[guide.language])
    guide.click("generate")
    guide.page.locator("[class*=st-key-card-] a").first.wait_for(timeout=60_000)
    guide.open("rescue")
    guide.shoot("rescue")


def price(guide: Guide) -> None:
    """A price of one's own for every model, so that what it may cost can be told."""
    guide.open("settings")
    guide.page.locator(".st-key-prices summary").click()
    for key, text in (("price-model", "*"), ("price-amount", "0.30"), ("price-currency", "CNY")):
        guide.page.locator(f".st-key-{key} input").fill(text)
        guide.page.keyboard.press("Tab")
        guide.settle()
    guide.click("price-save")


def rewrite(guide: Guide) -> None:
    """The words of a chat model beside one's own."""
    guide.open()
    box = guide.page.locator(".st-key-prompt textarea")
    box.fill(BEFORE[guide.language])
    box.press("Tab")  # Control+Enter would send it
    guide.settle()
    guide.open("enhance")
    guide.click("rewrite-ask")
    guide.page.locator(".st-key-rewrite-keep").wait_for()
    guide.page.set_viewport_size({"width": 1200, "height": 1100})
    guide.settle()
    guide.shoot("rewrite", top="rewrite-endpoint")
    guide.page.set_viewport_size({"width": 1200, "height": 900})


def undo(guide: Guide) -> None:
    """A prompt that waits, with its price, and can still be taken back."""
    guide.open()
    guide.page.locator(".st-key-generate button").click()
    guide.page.locator(".st-key-card-now").get_by_text("0.30 CNY").first.wait_for()
    guide.page.wait_for_selector(IDLE)  # no longer: it goes out after eight seconds
    guide.shoot("undo")


SCENES: tuple[Callable[[Guide], None], ...] = (
    create,
    picture,
    compose,
    drafts,
    several,
    sheet,
    night,
    reel,
    library,
    compare,
    rescue,
)
PAID: tuple[Callable[[Guide], None], ...] = (price, rewrite, undo)
"""Scenes before an endpoint that may charge: a chat model of our own that never does."""


def walk(browser: Browser, language: str) -> None:
    """Take all pictures of a language."""
    with tempfile.TemporaryDirectory() as home, server(Path(home)) as url:
        context = browser.new_context(viewport={"width": 1200, "height": 900}, locale=LOCALES[language])
        guide = Guide(context.new_page(), url, language)
        for scene in SCENES:
            scene(guide)
            for kind, view in READMES.get(language, {}).items() if scene is create else ():
                readme(browser, url, kind, view)
        context.close()
    with tempfile.TemporaryDirectory() as home, writer() as base, server(Path(home), **paid_by(base)) as url:
        context = browser.new_context(viewport={"width": 1200, "height": 900}, locale=LOCALES[language])
        guide = Guide(context.new_page(), url, language)
        for scene in PAID:
            scene(guide)
        context.close()


def paid_by(base: str) -> dict[str, str]:
    """Return the environment of a server before this endpoint."""
    return {"DAILIES_BASE_URL": base, "DAILIES_MODEL": MODEL, "DAILIES_UNDO_SECONDS": "8"}


READMES: dict[str, dict[str, dict[str, object]]] = {
    "en": {
        "": {"viewport": {"width": 1280, "height": 1230}},
        "-phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    },
    "zh": {"-zh-dark": {"viewport": {"width": 1280, "height": 1230}, "color_scheme": "dark"}},
}


def readme(browser: Browser, url: str, kind: str, view: dict[str, object]) -> None:
    """Take the README's pictures of one kind: Create, the library and a generation."""
    context = browser.new_context(**view, locale=LOCALES["zh" if "zh" in kind else "en"])  # type: ignore[arg-type]
    page = context.new_page()
    guide = Guide(page, url, kind)
    for name in ("create", "library"):
        guide.open("" if name == "create" else name)
        page.screenshot(path=FOLDER / f"{name}{kind}.png", animations="disabled")
    page.locator(".grid a").last.click()
    page.get_by_role("heading", level=1).wait_for()
    guide.settle()
    page.screenshot(path=FOLDER / f"generation{kind}.png", animations="disabled")
    context.close()


def main() -> None:
    """Take them all."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for language in [word for word in sys.argv[1:] if word in LOCALES] or LOCALES:
            if "money" not in sys.argv:
                walk(browser, language)
            guide_money.walk(browser, language, LOCALES[language])
        browser.close()


if __name__ == "__main__":
    main()
