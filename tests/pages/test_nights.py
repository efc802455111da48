"""Night shift and morning reel, run as Streamlit runs them."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.errors import MarkError, NotFoundError
from services.nights import Night
from services.nights.planning import Cap
from services.prompts.desk import Desk, with_text
from services.runtime import ForPerson, Runtime
from tests.nights.test_nights import NIGHT_NOW, batch, hours, over
from tests.pages.conftest import Site
from tests.pages.test_pages import PROJECT, words
from tests.waiting import wait_until

LATER = hours(dt.timedelta(hours=2))


@pytest.fixture
def room(runtime: Runtime, me: ForPerson) -> Iterator[Callable[[str], AppTest]]:
    """Open a page as a new visit; no night is open afterwards."""
    me.preferences.set("language", "en")
    me.preferences.set("batch_form", "{}")
    me.preferences.set("night_hours", "")
    me.drafts.save("")

    def visit(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(page).run()

    yield visit
    for night in me.nights.open():
        me.nights.stop(night.id)


@pytest.fixture
def filmed_night(me: ForPerson) -> Night:
    """A night that is over: two clips, and one prompt that was refused."""
    mark = os.urandom(4).hex()
    prompts = (f"Kite {mark} one [fast]", f"Kite {mark} two [fast]", f"Kite {mark} three [401]")
    night = over(me, me.nights.plan(batch(me, *prompts), NIGHT_NOW, Cap(3)), seconds=60)
    wait_until(lambda: len(me.reels.look(night.id).clips) == 2)
    return night


def test_a_batch_is_left_for_the_night_by_one_yes(room: Callable[..., AppTest], me: ForPerson) -> None:
    page = room("batch.py")
    mark = os.urandom(4).hex()
    page.text_area(key="batch-lines").set_value(f"Kite {mark} one\nKite {mark} two\nKite {mark} three").run()
    page.toggle(key="for-night").set_value(True).run()
    page.time_input(key="night-begin").set_value((dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)).time()).run()
    page.time_input(key="night-end").set_value((dt.datetime.now(dt.UTC) + dt.timedelta(hours=9)).time()).run()
    page.number_input(key="night-most").set_value(2).run()
    page.button(key="night-plan").click().run()
    assert me.nights.open() == [], "a click alone plans nothing"
    page.button(key="night-yes").click().run()

    assert not page.exception
    (night,) = me.nights.open()
    assert (night.prompts, night.most_sent, night.most_tokens) == (3, 2, None)
    assert "Night shift" in words(page), "the same batch is not offered again"
    assert not [button for button in page.button if button.key == "batch-send"]
    queue = room("in_progress.py")
    assert f"Kite {mark} one" in words(queue)
    queue.button(key=f"night-stop-{night.id}").click().run()
    assert not queue.exception
    assert me.nights.get(night.id).reason == "stopped"
    assert "3 prompts will not be sent." in words(queue)


def test_a_sum_is_a_limit_where_its_person_names_a_price(
    room: Callable[..., AppTest], me: ForPerson, added: Callable[..., str]
) -> None:
    mark = os.urandom(4).hex()
    me.endpoints.choose(added("Relay"))
    try:
        page = room("batch.py")
        page.text_area(key="batch-lines").set_value(f"Kite {mark} one\nKite {mark} two\nKite {mark} three").run()
        page.toggle(key="for-night").set_value(True).run()
        assert "say it, and the night can stop at a sum" in words(page)
        page.time_input(key="night-begin").set_value((dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)).time()).run()
        page.time_input(key="night-end").set_value((dt.datetime.now(dt.UTC) + dt.timedelta(hours=9)).time()).run()
        page.number_input(key="night-price").set_value(0.3).run()
        page.number_input(key="night-sum").set_value(0.9 - 0.1).run()
        assert "That is 2 prompts at most, if one costs 0.3." in words(page)
        page.button(key="night-plan").click().run()
        page.button(key="night-yes").click().run()

        assert not page.exception
        (night,) = me.nights.open()
        assert (night.prompts, night.most_sent) == (3, 2)
    finally:
        me.endpoints.choose("demo")


def test_drafts_put_aside_are_left_for_the_night(room: Callable[..., AppTest], me: ForPerson) -> None:
    mark = os.urandom(4).hex()
    id = me.aside.keep(with_text(Desk(), f"A lighthouse {mark}"))
    page = room("night.py")
    known = {one.id for one in me.nights.newest()}
    page.multiselect(key="night-chosen").set_value([id]).run()
    page.button(key="night-plan").click().run()
    page.button(key="night-yes").click().run()

    assert not page.exception
    assert [one.prompt for one in me.library.page(text=mark).items] == [f"A lighthouse {mark}"]
    assert len({one.id for one in me.nights.newest()} - known) == 1  # over by now where it is night here
    me.aside.throw_away(id)


def test_hours_that_are_no_hours_are_refused_in_words(room: Callable[..., AppTest], me: ForPerson) -> None:
    page = room("batch.py")
    page.text_area(key="batch-lines").set_value(f"Kite {os.urandom(4).hex()}").run()
    page.toggle(key="for-night").set_value(True).run()
    page.time_input(key="night-end").set_value(page.time_input(key="night-begin").value).run()
    page.button(key="night-plan").click().run()
    page.button(key="night-yes").click().run()

    assert "These hours begin and end at the same time." in words(page)
    assert me.nights.open() == []


def test_the_reel_says_what_the_night_came_to(room: Callable[..., AppTest], filmed_night: Night) -> None:
    page = room("reel.py", id=filmed_night.id)
    assert not page.exception
    said = words(page)
    assert "3 of 3 sent. All of them were sent." in said
    assert "| Clips | 2 |" in said
    assert "| Money | free |" in said
    assert "- 1 × The endpoint does not accept this token" in said.replace("\\", "")


def test_what_is_to_be_taken_again_is_sent_by_one_yes_and_once(
    room: Callable[..., AppTest], me: ForPerson, filmed_night: Night
) -> None:
    first, second = me.reels.look(filmed_night.id).clips
    me.reels.judge(first.generation.id, "again")
    me.reels.judge(second.generation.id, "keep")
    page = room("reel.py", id=filmed_night.id)
    page.button(key="reel-again").click().run()
    page.button(key="reel-yes").click().run()
    assert not page.exception
    assert me.reels.send_again([first]) == 1, "a second click"

    takes = [one for one in me.library.page(text=first.generation.prompt).items if one.parent_id == first.generation.id]
    assert len(takes) == 1
    assert [clip.verdict for clip in me.reels.look(filmed_night.id).clips] == ["sent", "keep"]


def test_bin_puts_a_clip_into_the_trash_and_undo_takes_it_out(me: ForPerson, site: Site, filmed_night: Night) -> None:
    clip = me.reels.look(filmed_night.id).clips[0]
    headers = {"origin": site.origin, "content-type": "application/json"}

    def say(verdict: object, id: str = clip.generation.id) -> int:
        body = json.dumps({"verdict": verdict}).encode()
        return site.ask("POST", f"/api/generations/{id}/verdict", headers, body).status

    assert say("bin") == 204
    assert me.generations.get(clip.generation.id).trashed_at is not None
    assert me.reels.look(filmed_night.id).clips[0].verdict == "bin"
    assert say(None) == 204
    assert me.generations.get(clip.generation.id).trashed_at is None
    assert [say("burn"), say(3), say("keep", "nobody")] == [400, 400, 404]
    assert site.ask("POST", f"/api/generations/{clip.generation.id}/verdict", headers, b"[]").status == 400
    with pytest.raises(MarkError):
        me.reels.judge(clip.generation.id, "burn")


def test_nobody_elses_night_can_be_seen_or_judged(runtime: Runtime, filmed_night: Night, me: ForPerson) -> None:
    other = runtime.for_person("somebody else")
    clip = me.reels.look(filmed_night.id).clips[0]
    for act in (
        lambda: other.reels.look(filmed_night.id),
        lambda: other.nights.stop(filmed_night.id),
        lambda: other.reels.judge(clip.generation.id, "bin"),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_what_waits_for_the_night_says_so_on_create_and_can_be_cancelled(
    room: Callable[..., AppTest], me: ForPerson
) -> None:
    night = me.nights.plan(batch(me, f"Kite {os.urandom(4).hex()}"), LATER, Cap(1))
    held = me.nights.standing(night).parts[0].id
    page = room("create.py")
    keys = {str(button.key) for button in page.button}
    assert f"cancel-{held}" in keys
    assert not keys & {f"now-{held}", f"undo-{held}"}
