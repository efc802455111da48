"""The composer on Create, run as Streamlit runs it: what is picked shows in the box, and nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.compose_sections import ALL, SECTIONS
from services.prompts.composing import BEFORE, NOTE
from services.prompts.desk import Desk, fields_of
from services.prompts.field_help import FIELDS
from services.prompts.fields import Fields, Place
from services.prompts.presets import built_in
from services.prompts.sending import composed
from services.runtime import ForPerson, Runtime
from tests.prompts.some import QUAY

FRAME = str(Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py")
FULL = replace(QUAY, pace=("steady pace",), remix="The coat is yellow")


@pytest.fixture
def visit(runtime: Runtime, me: ForPerson) -> Iterator[Callable[[], AppTest]]:
    """Open Create as a new visit; whatever lay there before is gone, and is gone afterwards."""

    def bare() -> None:
        for name in ("create", NOTE, BEFORE):
            me.drafts.save("", name)
        for name in ("compose_open", "prompt_language"):
            me.preferences.set(name, "")
        me.preferences.set("language", "en")
        me.generations.cancel_all_waiting()
        if me.generations.paused:
            me.generations.resume()

    bare()
    yield lambda: AppTest.from_file(FRAME, default_timeout=60).run()
    bare()


@pytest.fixture
def app(visit: Callable[[], AppTest]) -> AppTest:
    """Create with its fields open."""
    return visit().toggle(key="compose-open").set_value(True).run()


def part(app: AppTest, section: str) -> AppTest:
    """Go to a part of the film."""
    return app.radio(key="compose-section").set_value(section).run()


def box(app: AppTest) -> str:
    return str(app.text_area(key="prompt").value)


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.success, app.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_the_fields_stay_closed_until_they_are_asked_for_and_that_is_remembered(visit: Callable[[], AppTest]) -> None:
    app = visit()
    assert not [group for group in app.radio if group.key == "compose-section"]
    app.toggle(key="compose-open").set_value(True).run()

    assert visit().radio(key="compose-section")


def test_what_is_picked_is_written_into_the_box_and_kept(app: AppTest, visit: Callable[[], AppTest]) -> None:
    part(app, "light").multiselect(key="f-mood").set_value(["calm"]).run()
    part(app, "camera").selectbox(key="f-moves-one").set_value("slow push-in").run()

    assert not app.exception
    assert box(app) == "Camera shot: slow push-in\nMood: calm"
    assert box(visit()) == box(app)
    assert "Written from your fields." in said(app)


def test_words_already_typed_stay_on_top(app: AppTest) -> None:
    app.text_area(key="prompt").set_value("A fox in the snow").run()
    part(app, "light").multiselect(key="f-mood").set_value(["calm"]).run()

    assert box(app) == "A fox in the snow.\n\nMood: calm"


def test_a_change_by_hand_is_kept_told_and_can_be_written_again(app: AppTest) -> None:
    part(app, "light").multiselect(key="f-mood").set_value(["calm"]).run()
    app.text_area(key="prompt").set_value("Mood: calm, as milk").run()
    assert "Changed by hand. Your fields are kept beside it." in said(app)
    app.multiselect(key="f-mood").set_value(["tense"]).run()
    assert box(app) == "Mood: calm, as milk"
    assert "Your fields have moved on since." in said(app)
    app.button(key="write-again").click().run()

    assert box(app) == "Mood: tense"
    app.button(key="put-back").click().run()
    assert box(app) == "Mood: calm, as milk"


def test_rows_grow_while_they_are_filled_in(app: AppTest) -> None:
    part(app, "action").text_input(key="f-beats-0-text").set_value("She turns").run()
    app.number_input(key="f-beats-0-seconds").set_value(2.0).run()
    app.text_input(key="f-beats-1-text").set_value("She smiles").run()

    assert not app.exception
    assert box(app) == "Actions:\n- 2 s: She turns.\n- She smiles."
    assert app.text_input(key="f-beats-2-text").value == ""


def test_the_text_is_written_in_the_language_that_was_chosen_apart_from_the_pages(app: AppTest) -> None:
    part(app, "light").multiselect(key="f-mood").set_value(["calm"]).run()
    app.selectbox(key="desk-language").set_value("zh").run()

    assert box(app) == "氛围：平静"
    assert app.button(key="generate").label == "Generate"


def test_a_conflict_is_told_beside_generate_and_mended_by_one_click(app: AppTest) -> None:
    part(app, "scene").multiselect(key="f-place-times").set_value(["dawn", "midnight"]).run()
    fixes = [button for button in app.button if str(button.key).startswith("fix-")]
    assert fixes
    fixes[0].click().run()

    assert not app.exception
    assert not [button for button in app.button if str(button.key).startswith("fix-")]


def test_clear_empties_the_fields_too_and_undo_brings_all_back(app: AppTest, me: ForPerson) -> None:
    part(app, "light").multiselect(key="f-mood").set_value(["calm"]).run()
    app.button(key="clear").click().run()
    assert box(app) == ""
    assert app.multiselect(key="f-mood").value == []
    app.button(key="put-back").click().run()

    assert box(app) == "Mood: calm"
    assert app.multiselect(key="f-mood").value == ["calm"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_field_opens_full_in_both_languages(visit: Callable[[], AppTest], me: ForPerson, language: str) -> None:
    me.composing.put(Desk(), Desk(FULL))
    me.preferences.set("compose_open", "1")
    me.preferences.set("language", language)
    app = part(visit(), ALL)

    assert not app.exception
    assert app.text_input(key="f-cast-0-name").value == "Mei"
    assert "woman of 30" in str(app.text_input(key="f-cast-0-traits").value)
    assert me.composing.open()[0].fields == FULL, "to look is not to change"
    assert box(app) == Desk(FULL).text


def test_every_field_has_its_help_and_an_example(app: AppTest) -> None:
    app = part(app, ALL)
    kinds = (app.text_input, app.text_area, app.multiselect, app.selectbox, app.number_input)
    shown = [one for kind in kinds for one in kind if str(one.key).startswith("f-")]
    helps = {one.help for one in shown} | {one.help for one in app.selectbox}

    assert [one.id for one in FIELDS if one.id != "controls" and one.help not in helps] == []
    assert [one.key for one in shown if not one.placeholder and "-seconds" not in str(one.key)] == []


def test_every_section_opens_empty(app: AppTest) -> None:
    for section in SECTIONS:
        assert not part(app, section).exception


def test_what_is_sent_keeps_its_fields(app: AppTest, me: ForPerson) -> None:
    mark = os.urandom(4).hex()
    part(app, "scene").text_area(key="f-place-text").set_value(f"A pier {mark}").run()
    part(app, "light").multiselect(key="f-mood").set_value(["calm"]).run()
    app.button(key="generate").click().run()
    sent = me.generations.newest(limit=1)[0]

    assert sent.prompt == f"A pier {mark}.\n\nMood: calm"
    assert fields_of(sent.fields) == Fields(place=Place(f"A pier {mark}"), mood=("calm",))


def test_use_again_fills_the_fields_and_names_what_was_changed(app: AppTest, me: ForPerson) -> None:
    me.generations.pause()
    desk = Desk(Fields(place=Place("A pier"), mood=("calm",)))
    first = me.generations.submit(desk.text, nonce=os.urandom(8).hex(), composed=composed(desk, built_in()))
    app.query_params["id"] = first.id
    app.switch_page("generation.py").run()
    app.button(key="use-again").click().run()
    app.switch_page("create.py").run()
    part(app, "light").multiselect(key="f-mood").set_value(["tense"]).run()
    assert "Changed: Mood" in said(app)
    app.button(key="generate").click().run()
    second = me.generations.newest(limit=1)[0]
    app.query_params["id"] = second.id
    app.switch_page("generation.py").run()

    assert not app.exception
    assert second.parent_id == first.id
    assert "Changed: Mood" in said(app)


def test_prompts_sent_before_come_back_and_so_does_what_was_being_written(app: AppTest, me: ForPerson) -> None:
    me.generations.pause()
    for prompt in ("An older one", "A newer one"):
        me.generations.submit(prompt, nonce=os.urandom(8).hex())
    app.text_area(key="prompt").set_value("half a thought").run()
    seen = []
    for button in ("earlier", "earlier", "later", "later"):
        app.button(key=button).click().run()
        seen.append(box(app))

    assert seen == ["A newer one", "An older one", "A newer one", "half a thought"]


def test_a_file_of_presets_that_cannot_be_used_is_told_and_not_kept(app: AppTest, me: ForPerson) -> None:
    app.session_state["presets"] = True
    app.switch_page("settings.py").run()
    app.text_area(key="presets-text").set_value('{"families": [{"id": "x"}]}')
    app.button(key="save-presets").click().run()

    assert not app.exception
    assert app.error
    assert me.presets.text() == ""


def test_a_shape_is_offered_only_where_the_model_reads_one(app: AppTest, me: ForPerson) -> None:
    groups = [group.key for group in app.selectbox]
    assert "f-controls-orientation" not in groups
    saved = me.endpoints.save(None, name="Relay", base_url="https://relay.example", model="sora2-landscape-10s")
    try:
        me.endpoints.choose(saved.id)
        app.text_area(key="prompt").set_value("A pier").run()
        app.selectbox(key="f-controls-orientation").set_value("portrait").run()

        assert not app.exception
        assert any("sora2-portrait-10s" in caption.value.replace("\\", "") for caption in app.caption)
    finally:
        me.endpoints.choose("demo")
        me.endpoints.forget(saved.id)
