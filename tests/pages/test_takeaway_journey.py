"""In a real browser: cards are chosen with the mouse, and a zip is opened by double click, with no server at all."""

from __future__ import annotations

import io
import re
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from db.database import Database
from services.library.browsing import Library, View
from services.pictures.kept import Pictures
from services.settings import Settings
from tests.media.films import shoot
from tests.pages.browsing import opened
from tests.pictures.paint import painted
from tests.takeaway.house import House
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real video of one second."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    shoot(path)
    return path


@pytest.fixture(scope="module")
def house(home: Path, address: str, film: Path) -> House:
    """A library beside the server that shows it."""
    made = House(Database(f"sqlite:///{home / 'dailies.db'}"), home, film)
    pictures = Pictures("local", made.database, Settings(home=home, free_floor_bytes=0))
    for number in range(8):
        bird = "Kingfisher" if number == 3 else "Heron"
        picture = pictures.take_in(painted((64, 48))).sha256 if number == 3 else None
        made.made(f"{bird} {number} 夜景 <b>at</b> dusk", filmed=number == 3, picture=picture)
    made.marks.rate(made.ids("heron")[0], 5)
    return made


def prompts(house: House, text: str) -> list[str]:
    return [card.prompt.split()[1] for card in Library("local", house.database).look(View(text=text)).cards]


def test_cards_are_chosen_by_click_range_and_keys_and_tagged(page: Page, address: str, house: House) -> None:
    opened(page, f"{address}/library")
    page.locator(".grid article").nth(6).wait_for()
    picks = page.locator(".grid .pick")
    page.locator(".grid article").nth(1).hover()
    picks.nth(1).click()
    page.locator(".picked").get_by_text("1 chosen").wait_for()
    picks.nth(4).click(modifiers=["Shift"])
    page.locator(".picked").get_by_text("4 chosen").wait_for()
    picks.nth(2).click()
    page.locator(".grid .cover").nth(6).focus()
    page.keyboard.press("x")
    page.locator(".picked").get_by_text("4 chosen").wait_for()
    becomes(
        lambda: [one.get_attribute("aria-checked") == "true" for one in picks.all()],
        [False, True, False, True, True, False, True, False],
    )
    page.locator(".picked").get_by_role("button", name="Do something with them").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("What shall be done with 4?").wait_for()
    dialog.get_by_role("combobox", name="Action").click()
    page.get_by_role("option", name="Put a tag on").click()
    tag = dialog.get_by_role("combobox", name="Tag")
    tag.fill("dusk")
    page.get_by_role("option").first.click()
    dialog.get_by_role("button", name="Put a tag on: 4").click()
    page.get_by_text("Tag put on: 4.").wait_for()

    becomes(lambda: prompts(house, "tag:dusk"), ["6", "4", "3", "1"])
    page.get_by_role("button", name="All right").click()
    page.locator(".picked").get_by_role("button", name="None").click()
    expect(page.locator(".picked")).to_be_hidden()


def test_a_zip_plays_searches_and_filters_from_a_file_and_asks_no_network(
    page: Page, address: str, house: House, tmp_path: Path
) -> None:
    with (
        urllib.request.urlopen(f"{address}/api/takeaway?q={quote('夜景')}") as answer,
        zipfile.ZipFile(io.BytesIO(answer.read())) as zipped,
    ):
        zipped.extractall(tmp_path)
    (index,) = tmp_path.rglob("index.html")
    asked: list[str] = []
    trouble: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.context.on("request", note)
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(index.as_uri())
    page.get_by_role("status").get_by_text("8 of 8").wait_for()
    expect(page.locator("article").first.locator(".prompt")).to_have_text("Heron 7 夜景 <b>at</b> dusk")
    expect(page.locator("article b")).to_have_count(0)

    page.get_by_role("searchbox").fill("夜景 KINGF")
    page.get_by_text("1 of 8").wait_for()
    expect(page.locator("article mark").first).to_have_text(re.compile("^(Kingf|夜景)$"))
    page.get_by_role("button", name="Play").click()
    wait_until(lambda: page.evaluate("() => document.querySelector('video')?.currentTime > 0.05"))
    page.get_by_text("Answer and notes").click()
    sent = page.get_by_role("img", name="Sent with this picture")
    wait_until(lambda: sent.evaluate("it => it.naturalWidth") == 64)
    page.get_by_role("searchbox").fill("")
    page.get_by_label("With a video").check()
    page.get_by_text("1 of 8").wait_for()
    page.get_by_label("With a video").uncheck()
    page.get_by_label("Any rating").select_option("4")
    page.get_by_text("1 of 8").wait_for()
    page.get_by_role("button", name="中文").click()
    page.get_by_text("1 / 8").wait_for()

    assert all(url.startswith("file:") for url in asked)
    assert trouble == []
    assert page.evaluate("() => fetch('https://example.org/').then(() => 'went', () => 'held')") == "held"


def test_a_file_goes_to_the_server_and_is_brought_in(
    page: Page, address: str, house: House, film: Path, tmp_path: Path
) -> None:
    (tmp_path / "wave.mp4").write_bytes(film.read_bytes() + b"\0\0\0\x0cfreewave")
    (tmp_path / "wave.txt").write_text("a wave at night", "utf-8")
    with zipfile.ZipFile(tmp_path / "wave.zip", "w") as zipped:
        for name in ("wave.mp4", "wave.txt"):
            zipped.write(tmp_path / name, name)
    opened(page, f"{address}/settings")
    page.locator(".st-key-bring-in input[type=file]").set_input_files(tmp_path / "wave.zip")
    page.get_by_text("Brought in: 1.").wait_for()
    becomes(lambda: prompts(house, "wave night has:video is:imported"), ["wave"])
    page.locator(".st-key-bring-in input[type=file]").set_input_files(tmp_path / "wave.txt")
    page.get_by_text("cannot be read as a zip file").wait_for()
