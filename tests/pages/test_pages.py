"""Each page, run as Streamlit runs it: through the frame, on a real runtime."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from services.runtime import ForPerson, Runtime

PROJECT = Path(__file__).resolve().parent.parent.parent
OTHERS = [
    "in_progress.py",
    "library.py",
    "usage.py",
    "settings.py",
    "help.py",
    "generation.py",
    "drafts.py",
    "night.py",
    "reel.py",
]


def words(app: AppTest) -> str:
    """All text a reader sees that is not in a component."""
    kinds = (app.title, app.header, app.markdown, app.caption, app.text, app.code, app.info, app.error, app.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_create_has_its_stable_handles_and_says_that_the_demo_answers(app: AppTest) -> None:
    assert not app.exception
    assert app.text_area(key="prompt").label == "Prompt"
    assert app.button(key="generate").label == "Generate"
    assert "demo endpoint answers" in words(app)


@pytest.mark.parametrize("page", OTHERS)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_page_opens_in_both_languages(app: AppTest, me: ForPerson, page: str, language: str) -> None:
    app.sidebar.radio(key="language_switch").set_value(language).run()
    app.switch_page(page).run()

    assert not app.exception
    assert me.preferences.get("language") == language
    assert any("\u4e00" <= sign <= "\u9fff" for sign in words(app)) == (language == "zh_CN")


def test_generate_sends_the_prompt_and_shows_it_live(app: AppTest, me: ForPerson) -> None:
    prompt = f"A fox in the snow {os.urandom(4).hex()}"
    app.text_area(key="prompt").set_value(prompt)
    app.button(key="generate").click().run()

    assert not app.exception
    assert me.generations.newest(limit=1)[0].prompt == prompt
    assert app.text_area(key="prompt").value == prompt, "what was typed stays"
    assert prompt in words(app)


def test_a_second_click_at_once_sends_nothing(app: AppTest, me: ForPerson) -> None:
    prompt = f"Once only {os.urandom(4).hex()}"
    app.text_area(key="prompt").set_value(prompt)
    app.button(key="generate").click().run()
    app.button(key="generate").click().run()

    assert len(me.library.page(text=prompt).items) == 1


def test_another_prompt_right_after_is_sent_too(app: AppTest, me: ForPerson) -> None:
    mark = os.urandom(4).hex()
    for number in ("one", "two"):
        app.text_area(key="prompt").set_value(f"{mark} {number}")
        app.button(key="generate").click().run()

    assert len(me.library.page(text=mark).items) == 2


def test_a_blank_prompt_is_refused_in_plain_words(app: AppTest, me: ForPerson) -> None:
    before = len(me.generations.newest(limit=50))
    app.text_area(key="prompt").set_value("   ")
    app.button(key="generate").click().run()

    assert [error.value for error in app.error] == ["Write a prompt first."]
    assert len(me.generations.newest(limit=50)) == before


def test_a_draft_survives_a_new_session(app: AppTest, me: ForPerson) -> None:
    app.text_area(key="prompt").set_value("half a thought").run()
    again = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()

    assert again.text_area(key="prompt").value == "half a thought"


def test_the_example_of_the_endpoints_page_fills_the_box(app: AppTest) -> None:
    app.pills[0].set_value("Astronaut dog").run()

    assert str(app.text_area(key="prompt").value).startswith("an astronaut golden retriever named Sora levitates")


def test_a_finished_generation_shows_its_video_text_and_figures(
    app: AppTest, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    generation_id = filmed("A red kite over the dunes [fast]")
    app.query_params["id"] = generation_id
    app.switch_page("generation.py").run()
    generation = me.generations.get(generation_id)

    assert not app.exception
    player = app.get("video")[0]
    assert isinstance(player, Element)
    assert player.url == f"/app/static/media/{generation.videos[0].id}"
    assert generation.content in [code.value for code in app.code]
    assert "cost nothing" in words(app) or generation.outcome == "video"
    assert any("Tokens in total" in table.value for table in app.markdown)


def test_foreign_words_are_never_markdown(app: AppTest, filmed: Callable[[str], str]) -> None:
    generation_id = filmed("![spy](http://evil.example/x.png) [fast]")
    app.query_params["id"] = generation_id
    app.switch_page("generation.py").run()

    rendered = [*app.markdown, *app.title, *app.caption, *app.header]
    assert not [element for element in rendered if "![spy](" in element.value]


def test_a_generation_that_is_not_there_says_so(app: AppTest) -> None:
    app.query_params["id"] = "nobody-has-this"
    app.switch_page("generation.py").run()

    assert not app.exception
    assert "no such generation" in words(app)


def test_send_again_asks_where_it_may_be_charged_twice(
    app: AppTest, me: ForPerson, added: Callable[..., str], filmed: Callable[..., str]
) -> None:
    generation_id = filmed("Fog on a lake [cut] [fast]", added("A real one"))
    app.query_params["id"] = generation_id
    app.switch_page("generation.py").run()
    before = me.generations.newest(limit=1)[0].id
    app.button(key="again").click().run()

    assert me.generations.newest(limit=1)[0].id == before, "a click alone sends nothing"
    app.button(key="again-yes").click().run()
    assert me.generations.newest(limit=1)[0].parent_id == generation_id


def test_the_demo_never_asks_about_money(app: AppTest, me: ForPerson, filmed: Callable[..., str]) -> None:
    generation_id = filmed("Fog on a lake, for free [cut] [fast]")
    app.query_params["id"] = generation_id
    app.switch_page("generation.py").run()
    told = words(app)
    app.button(key="again").click().run()

    assert me.generations.newest(limit=1)[0].parent_id == generation_id
    assert "It cost nothing." in told
    assert not [word for word in ("bill", "charged", "Settings", "provider") if word in told]


def test_the_badge_says_what_became_of_the_video(app: AppTest, filmed: Callable[..., str]) -> None:
    said = {}
    for prompt in ("A gull [dead link] [fast]", "A gull [fast]"):
        app.query_params["id"] = filmed(prompt)
        app.switch_page("generation.py").run()
        said[prompt] = "\n".join(str(one.value) for one in app.markdown)

    assert "Link expired" in said["A gull [dead link] [fast]"]
    assert "Video" in said["A gull [fast]"]
    assert "Link expired" not in said["A gull [fast]"]


def test_pausing_says_so_and_holds_new_prompts_back(app: AppTest, me: ForPerson) -> None:
    app.switch_page("in_progress.py").run()
    app.button(key="pause").click().run()

    assert me.generations.paused
    assert [warning.value for warning in app.warning] == ["Paused: nothing new is sent. What already runs goes on."]
    app.button(key="resume").click().run()
    assert not me.generations.paused


def test_all_waiting_prompts_are_cancelled_at_once(app: AppTest, me: ForPerson) -> None:
    me.generations.pause()
    waiting = [me.generations.submit(f"wait {n}", nonce=os.urandom(8).hex()).id for n in range(3)]
    app.switch_page("in_progress.py").run()
    app.button(key="cancel-all").click().run()

    assert {me.generations.get(one).state for one in waiting} == {"cancelled"}
    assert "3 waiting prompts cancelled." in words(app)


def test_an_empty_search_teaches(app: AppTest) -> None:
    app.query_params["q"] = "zzzzqqqq-nothing"
    app.switch_page("library.py").run()

    assert not app.exception
    assert any("Nothing found" in info.value for info in app.info)


def test_help_lists_every_mark_of_the_demo_endpoint(app: AppTest, runtime: Runtime) -> None:
    app.switch_page("help.py").run()

    assert all(f"[{mark}]" in words(app) for mark, _meaning in runtime.demo_marks)


@pytest.mark.parametrize("page", ["create.py", "in_progress.py"])
def test_what_is_not_saved_yet_is_told_and_the_telling_ends(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(Runtime, "unsaved", True)
    app.switch_page(page).run()
    told = [warning.value for warning in app.warning]
    monkeypatch.setattr(Runtime, "unsaved", False)
    app.run()

    assert ["Not saved yet" in text for text in told] == [True]
    assert not app.warning
