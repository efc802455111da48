"""Judging in a real browser: players within 50 ms of each other, a play-off by keys, frames of a film, a family."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from db import generations, videos
from db.database import Database
from db.records import Ending
from db.states import Outcome, State
from services.library.playoff import PlayOff
from services.media.store import Store
from tests.db.rows import NOW, add
from tests.media.films import RATE, shoot
from tests.pages.browsing import IDLE, opened, reloaded
from tests.pages.looks import axe_finds_nothing, not_faint
from tests.pages.test_journeys import listened
from tests.waiting import becomes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS = (4, 4, 3)
SYNC_SECONDS = 0.05
APART = """async () => {
  const roots = [...document.querySelectorAll('*')].map((one) => one.shadowRoot).filter(Boolean);
  const videos = roots.flatMap((root) => [...root.querySelectorAll('video')]);
  const apart = [];
  for (let round = 0; round < 60; round++) {
    await new Promise((done) => setTimeout(done, 25));
    const at = videos.filter((one) => !one.paused).map((one) => one.currentTime);
    if (at.length === videos.length) apart.push(Math.max(...at) - Math.min(...at));
  }
  return apart;
}"""


@pytest.fixture(scope="module")
def takes(home: Path, address: str) -> tuple[PlayOff, list[str]]:
    """Three takes with films of four, four and three seconds, beside the server that shows them."""
    database, store = Database(f"sqlite:///{home / 'dailies.db'}"), Store(home / "media")
    ids: list[str] = []
    for seconds in SECONDS:
        with database.transaction() as session:
            made = add(session, "A heron over the reeds", parent_id=ids[0] if ids else None)
            generations.claim(session, made.id, "w1", NOW)
            generations.end(session, made.id, "w1", Ending(state=State.DONE, outcome=Outcome.VIDEO, content="x"), NOW)
            id = uuid.uuid4().hex
            path = store.video_path(id, "video/mp4")
            path.parent.mkdir(parents=True, exist_ok=True)
            shoot(path, seconds * RATE)
            videos.add(session, id=id, owner="local", generation_id=made.id, source_url="https://x.example/v", at=NOW)
            videos.claim(session, id, "w1")
            videos.kept(
                session, id, sha256="0" * 64, media_type="video/mp4", size_bytes=path.stat().st_size,
                duration_seconds=float(seconds), width=96, height=64, poster=False, at=NOW,
            )  # fmt: skip
        ids.append(made.id)
    return PlayOff("local", database), ids


def apart(page: Page) -> list[float]:
    found: list[float] = page.evaluate(APART)
    return found


def settled(page: Page) -> None:
    """Wait until all players run and stay near each other for a second and a half."""
    wait_until(lambda: (found := apart(page)) and max(found) <= SYNC_SECONDS)


def in_step(page: Page) -> bool:
    """Tell whether all stand at one place; the last film is shorter, and where the others are beyond it at its end."""
    first, second, short = times(page, "currentTime")
    return bool(first == second and (short == first or 2.9 < short < first))


def test_players_stay_within_50_ms_play_pause_step_and_share_one_sound(
    page: Page, address: str, takes: tuple[PlayOff, list[str]]
) -> None:
    troubles = listened(page, address)
    opened(page, f"{address}/compare?ids={','.join(takes[1])}")
    page.locator("figure video").nth(2).wait_for()
    becomes(lambda: (page.locator(".players").bounding_box() or {"width": 0})["width"] > 760, True)  # the page is wide
    settled(page)
    page.locator(".bar select").select_option("2")
    settled(page)
    page.keyboard.press(" ")
    wait_until(lambda: times(page, "paused") == [True] * 3)
    page.keyboard.press(".")
    wait_until(lambda: in_step(page))
    before = times(page, "currentTime")[0]
    page.keyboard.press(",")
    wait_until(lambda: before - 0.1 < times(page, "currentTime")[0] < before)
    page.keyboard.press("2")
    becomes(lambda: times(page, "muted"), [True, False, True])
    page.keyboard.press("1")
    becomes(lambda: times(page, "muted"), [False, True, True])
    page.get_by_role("button", name="Loop").click()
    page.get_by_role("button", name="Play").click()
    wait_until(lambda: False in times(page, "paused"))
    wait_until(lambda: times(page, "paused") == [True] * 3)
    assert min(times(page, "currentTime")[:2]) > 3.8, "without the loop it stops at the end"

    assert troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_here_is_faint_or_nameless(
    profile: Profile, address: str, takes: tuple[PlayOff, list[str]], scheme: str
) -> None:
    ids = ",".join(takes[1])
    page = profile(color_scheme=scheme)
    for path in (f"compare?ids={ids}", f"compare?ids={ids}&way=playoff", f"generation?id={takes[1][1]}", "works"):
        opened(page, f"{address}/{path}")
        page.locator("figure video, .family a, [data-testid=stAlert]").first.wait_for()
        not_faint(page)
        axe_finds_nothing(page)


def times(page: Page, name: str) -> list[Any]:
    return [video.evaluate(f"video => video.{name}") for video in page.locator("figure video").all()]


def test_a_play_off_is_played_by_keys_and_keeps_its_reasons(
    page: Page, address: str, takes: tuple[PlayOff, list[str]]
) -> None:
    play_off, ids = takes
    opened(page, f"{address}/compare?ids={','.join(ids)}&way=playoff")
    page.locator("figure video").nth(1).wait_for()
    page.keyboard.press("2")
    page.get_by_text("Round 2 of 2").wait_for()
    page.get_by_role("button", name="Hands").click()
    wait_until(lambda: [one.reasons for one in play_off.look(play_off.entrants(ids)).judged] == [("hands",)])
    expect(page.locator("figure").first, "the winner goes on").to_have_attribute("data-id", ids[1])
    reloaded(page)
    page.get_by_text("Round 2 of 2").wait_for()
    page.locator("figure video").nth(1).wait_for()
    page.wait_for_selector(IDLE)
    page.keyboard.press("1")
    page.get_by_role("heading", name="The winner").wait_for()

    assert play_off.look(play_off.entrants(ids)).winner == play_off.entrants(ids)[1].seq


def test_a_family_is_walked_by_keys_and_leads_to_compare(
    page: Page, address: str, takes: tuple[PlayOff, list[str]]
) -> None:
    _, ids = takes
    opened(page, f"{address}/generation?id={ids[1]}&q=heron")
    page.locator(".family a.here").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/generation?id={ids[0]}*")
    page.wait_for_selector(IDLE)
    expect(page.locator(".family a")).to_have_count(3)
    page.get_by_role("link", name="Compare them").click()
    page.locator("figure video").nth(2).wait_for()


def test_frames_are_shown_lead_the_player_and_are_saved(
    page: Page, address: str, takes: tuple[PlayOff, list[str]], tmp_path: Path
) -> None:
    opened(page, f"{address}/generation?id={takes[1][0]}")
    page.get_by_text("Frames", exact=True).click()
    page.locator(".sheet .cell").nth(11).wait_for()
    page.locator(".sheet .cell").nth(6).click()
    player = page.locator("video[src*=media]")
    wait_until(lambda: abs(player.evaluate("video => video.currentTime") - 4 * 6.5 / 12) < 0.01)
    with page.expect_download() as saved:
        page.get_by_role("link", name="PNG").click()
    saved.value.save_as(tmp_path / "frame.png")
    with Image.open(tmp_path / "frame.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (96, 64))
        assert abs(picture.convert("RGB").getpixel((40, 30))[0] - int(4 * 6.5 / 12 * RATE) * 10 % 256) <= 6  # type: ignore[index]


def test_takes_lie_on_a_stack_play_in_place_and_are_laid_out(
    page: Page, address: str, takes: tuple[PlayOff, list[str]]
) -> None:
    opened(page, f"{address}/library?q=heron")
    expect(page.locator(".grid article")).to_have_count(1)
    page.locator(".grid .cover").first.focus()
    page.keyboard.press("p")
    wait_until(lambda: page.locator("article video").evaluate("video => video.currentTime") > 0.1)
    page.keyboard.press("p")
    expect(page.locator("article video")).to_have_count(0)
    page.keyboard.press("s")
    expect(page.locator(".grid article")).to_have_count(len(takes[1]))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("4")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")
    expect(page.locator(".grid article")).to_have_count(1)
    reloaded(page)
    expect(page.locator(".grid article .star.on"), "the best of a stack lies on top").to_have_count(4)
    page.locator(".grid article").first.hover()
    page.locator(".grid .pick").first.click()
    expect(page.locator(".picked [role=status]"), "a stack is chosen whole").to_have_text("3 chosen")
    page.locator(".picked").get_by_role("button", name="Compare").click()
    page.locator("figure video").nth(2).wait_for()
    page.go_back()
    page.get_by_role("link", name="Compare these takes").click()
    page.locator("figure video").nth(2).wait_for()
    expect(page).to_have_url(re.compile(r"/compare\?ids="))
