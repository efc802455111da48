"""Compare, the play-off, the family, and asked against got, run as Streamlit runs them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from services.prompts.desk import Desk
from services.prompts.fields import Controls, Fields
from services.prompts.presets import built_in
from services.prompts.sending import composed
from services.runtime import ForPerson, Runtime
from tests.pages.test_library import generation, said
from tests.waiting import wait_until

FRAME = Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py"


@pytest.fixture
def app(runtime: Runtime, me: ForPerson) -> AppTest:
    me.preferences.set("language", "en")
    return AppTest.from_file(str(FRAME), default_timeout=60)


@pytest.fixture(scope="module")
def takes(runtime: Runtime) -> list[str]:
    """Two takes of a composed prompt and one with another mood, a child of the first."""
    me = runtime.for_person("local")
    calm = Desk(Fields(mood=("calm",), controls=Controls(orientation="portrait")))
    tense = replace(calm, fields=replace(calm.fields, mood=("tense",)))
    demo = next(one.id for one in me.endpoints.list() if one.demo)
    ids: list[str] = []
    for number, desk in enumerate((calm, calm, tense)):
        sent = me.generations.submit(
            f"A gull on a mast [fast]\n\n{desk.text}",
            nonce=f"take-{number}",
            endpoint_id=demo,
            parent_id=ids[0] if ids else None,
            composed=composed(desk, built_in()),
        )
        ids.append(sent.id)
    me.generations.resume()  # whatever a neighbour left
    wait_until(lambda: all(_filmed(me, id) for id in ids))
    return ids


def _filmed(me: ForPerson, id: str) -> bool:
    return any(video.state == "kept" for video in me.generations.get(id).videos)


def compare(app: AppTest, ids: list[str], **address: str) -> AppTest:
    app.run()
    for name, value in {"ids": ",".join(ids), **address}.items():
        app.query_params[name] = value
    return app.switch_page("compare.py").run()


def test_what_differs_is_told_and_what_does_not_is_not(app: AppTest, takes: list[str]) -> None:
    app = compare(app, [takes[0], takes[2]])

    assert not app.exception
    table = next(one.value for one in app.markdown if "| Mood |" in one.value)
    assert "| Mood | calm | tense |" in table
    assert "| Cost | free | free |" in table
    assert "Model" not in table
    assert "2 against 1" in said(app)


def test_two_takes_have_the_same_words(app: AppTest, takes: list[str]) -> None:
    app = compare(app, takes[:2])
    assert "The words of the prompt are the same in all." in said(app)


@pytest.mark.parametrize("ids", [[], ["nobody"], ["x" * 5000, "<b>"]])
def test_with_fewer_than_two_it_says_what_is_needed(app: AppTest, ids: list[str]) -> None:
    app = compare(app, ids)
    assert not app.exception
    assert "Two videos are needed" in said(app)


def test_a_play_off_is_played_to_its_end_and_back(app: AppTest, me: ForPerson, takes: list[str]) -> None:
    app = compare(app, takes, way="playoff")
    assert "Round 1 of 2" in said(app)
    me.play_off.judge(takes[1], takes[0])
    app.run()
    assert "Round 2 of 2" in said(app)
    wrong = next(one for one in app.pills if one.label == "What was wrong") if hasattr(app, "pills") else None
    if wrong is None:
        wrong = next(one for one in app.button_group if one.label == "What was wrong")
    wrong.set_value(["hands"]).run()
    assert me.play_off.look(me.play_off.entrants(takes)).judged[0].reasons == ("hands",)
    app.button(key="round-back").click().run()
    assert "Round 1 of 2" in said(app)
    me.play_off.judge(takes[1], takes[0])
    me.play_off.judge(takes[1], takes[2])
    app.run()
    assert [one.value for one in app.header] == ["The winner"]
    app.button(key="crown").click().run()
    assert me.generations.get(takes[1]).favourite
    app.button(key="play-anew").click().run()

    assert "Round 1 of 2" in said(app)
    assert not app.exception


def test_the_page_of_a_generation_draws_the_family_and_tells_what_was_asked(app: AppTest, takes: list[str]) -> None:
    app = generation(app, takes[2])

    assert not app.exception
    assert {"Family", "Asked and got"} <= {one.value for one in app.header}
    asked = next(one.value for one in app.markdown if "| Asked |" in one.value)
    assert "| Shape | Portrait |" in asked
    printed = next(one.value for one in app.markdown if "| Parameter |" in one.value)
    assert "as sent" in printed, "the demo prints the prompt it was given"
    assert app.expander[0].label == "Frames"


def test_lessons_of_play_offs_stand_beside_keep_and_avoid(app: AppTest, me: ForPerson, takes: list[str]) -> None:
    for loser in takes[1:]:
        me.play_off.judge(takes[0], loser)
        (last,) = me.play_off.look(me.play_off.entrants([takes[0], loser])).judged
        me.play_off.why(last, ["text"])
    me.preferences.set("compose_open", "1")
    app.session_state["compose-section"] = "rules"
    app.run()
    app.button(key="lesson-text-avoid").click().run()
    me.preferences.set("compose_open", "0")

    assert not app.exception
    assert app.text_input(key="f-avoid").value == "garbled letters"
    assert not [one for one in app.button if one.key == "lesson-text-avoid"], "said once, not offered again"
    me.play_off.begin_anew(me.play_off.entrants(takes))


def test_what_works_is_told_with_small_samples_as_such(app: AppTest, me: ForPerson, takes: list[str]) -> None:
    app.run()
    app = app.switch_page("what_works.py").run()
    assert not app.exception
    me.marks.rate(takes[0], 3)
    me.marks.rate(takes[2], 5)
    app = app.switch_page("what_works.py").run()
    tables = "\n".join(one.value for one in app.markdown)
    for id in takes:
        me.marks.rate(id, None)

    assert not app.exception
    assert ":gray[calm] | :gray[3.0 ★] | :gray[1]" in tables
    assert "calm → tense" in tables
    assert [one.value for one in app.metric if one.label == "Cost of one keeper"] == ["unknown"]
    assert "films of the demo endpoint" in said(app)


def test_a_collection_is_chosen_when_sending_renamed_and_dissolved(app: AppTest, me: ForPerson) -> None:
    app.run()
    me.marks.make_collection("Client A")
    app.run()
    app.selectbox(key="send-to").set_value("Client A").run()
    app.text_area(key="prompt").set_value("A gull for the client [fast]").run()
    app.button(key="generate").click().run()
    assert not app.exception
    newest = me.generations.newest(1)[0]
    (collection,) = [one for one in me.marks.collections() if one.name == "Client A"]
    assert me.marks.of(newest.seq)[1] == [collection.id]

    app.query_params["collection"] = collection.id
    app = app.switch_page("library.py").run()
    app.text_input(key=f"collection-name-{collection.id}").set_value("Client *Z*")
    next(one for one in app.button if one.label == "Rename").click().run()
    assert "Client *Z*" in [one.name for one in me.marks.collections()]
    assert me.preferences.get("send_to_collection") == "Client *Z*", "what is sent goes on into the same one"
    app.button(key="dissolve").click().run()
    assert collection.id in [one.id for one in me.marks.collections()], "a click alone dissolves nothing"
    app.button(key="dissolve-yes").click().run()

    assert not app.exception
    assert collection.id not in [one.id for one in me.marks.collections()]
    assert me.generations.get(newest.id).id == newest.id
    assert not me.preferences.get("send_to_collection")
