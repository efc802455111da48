"""A team in real browsers: sign in, wait, be let in, look for what is not one's own, sign out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import IDLE, choose, opened
from tests.people.team import ANN, BOB, Team, running_team
from tests.people.test_strangers import CANARY, everything

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = (
    *("", "queue", "library", "usage", "settings", "help", "shared", "people", "generation", "compare", "batch"),
    *("templates", "enhance", "works", "drafts", "night", "reel", "rescue"),
)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """A team of this journey's own: a second go finds nobody let in, no budget, and nothing under way."""
    with running_team(tmp_path / "home") as running:
        yield running


@pytest.fixture
def pages(chromium: Browser) -> Iterator[tuple[Page, Page]]:
    """Two browsers that share nothing."""
    contexts = [chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US") for _ in range(2)]
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


def come_in(page: Page, team: Team, subject: str) -> None:
    """Go to the provider and back, as a person does."""
    page.goto(f"{team.address}/library")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{team.provider}/**")
    page.locator("input[name=sub]").last.fill(subject)
    page.locator("input[name=sub]").last.press("Enter")
    page.wait_for_url(f"{team.address}/**")
    page.wait_for_selector(IDLE)


def a_budget_for(ann: Page, bob: Page, team: Team) -> None:
    """Ann, who administers, sets a budget of Bob's and allows more of it; he sees that and cannot touch it."""
    opened(ann, f"{team.address}/settings")
    choose(ann, "budget-whose", "Bob")
    ann.wait_for_selector(IDLE)
    ann.get_by_text("Set a budget").click()
    ann.get_by_label("At most").fill("3")
    ann.get_by_label("At most").press("Tab")
    ann.wait_for_selector(IDLE)
    ann.get_by_role("button", name="Set this budget").click()
    ann.get_by_text("Today, all they send").wait_for()
    ann.get_by_role("button", name="Allow more").click()
    ann.get_by_label("How much more").fill("2")
    ann.get_by_label("Why", exact=True).fill("The client is on the phone")
    ann.get_by_label("Why", exact=True).press("Tab")
    ann.wait_for_selector(IDLE)
    ann.get_by_role("button", name="Allow it").click()
    ann.get_by_text("0 of 5 generations used.").wait_for()
    opened(bob, f"{team.address}/settings")
    bob.get_by_text("0 of 5 generations used.").wait_for()
    bob.get_by_text("Administrators set budgets, and allow more.").wait_for()
    expect(bob.get_by_role("button", name="Allow more")).to_have_count(0)
    opened(ann, f"{team.address}/usage")
    expect(ann.get_by_text("of 5 generations used")).to_have_count(0)  # her own stay her own


def test_a_team_from_sign_in_to_sign_out(team: Team, pages: tuple[Page, Page]) -> None:
    bob, ann = pages
    house = team.house()
    ids = everything(house.for_person("local"))
    house.close()

    bob.goto(f"{team.address}/library")  # the first visit after a start is a deep link
    bob.get_by_role("button", name="Sign in").wait_for()
    expect(bob.get_by_role("link", name="Library")).to_have_count(0)
    come_in(bob, team, BOB)
    bob.get_by_text(team.id_of(BOB)).wait_for()
    expect(bob.get_by_role("link", name="Library")).to_have_count(0)

    come_in(ann, team, ANN)
    ann.get_by_role("link", name="People").click()
    ann.get_by_role("heading", name="Waiting to be let in").wait_for()
    choose(ann, f"role-{team.id_of(BOB)}", "Member")
    ann.get_by_text("The role is changed.").wait_for()
    ann.get_by_text("made a member").first.wait_for()

    bob.get_by_role("button", name="Look again").click()
    bob.get_by_role("link", name="Library").wait_for()
    a_budget_for(ann, bob, team)
    found = []
    for name in PAGES:
        asked = f"id={ids['generation']}&ids={','.join(ids.values())}&collection={ids['collection']}&q={CANARY}"
        opened(bob, f"{team.address}/{name}?{asked}")
        if CANARY in bob.locator("[data-testid=stMain]").inner_text().replace(f"q={CANARY}", ""):
            found.append(name)
    assert found == []

    bob.get_by_role("button", name="Sign out").click()
    bob.wait_for_url(f"{team.provider}/**")  # which asks whether to sign out there too
    bob.goto(f"{team.address}/library")
    bob.get_by_role("button", name="Sign in").wait_for()
    ann.goto(f"{team.address}/library")
    ann.get_by_text(CANARY).first.wait_for()
