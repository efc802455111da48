"""Several at once, run as Streamlit runs it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.runtime import ForPerson, Runtime
from tests.pages.test_pages import PROJECT, words

THREE_BAD = b"prompt,seconds\nA red kite,4\n,8\nA blue kite,four\nA green kite,8\n" + b"x" * 100_001 + b",4\n"


@pytest.fixture
def room(runtime: Runtime, me: ForPerson) -> Iterator[AppTest]:
    """The page as a first visitor finds it, nothing being sent meanwhile."""
    me.preferences.set("language", "en")
    me.preferences.set("batch_form", "{}")
    me.generations.pause()
    app = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    yield app.switch_page("batch.py").run()
    me.generations.cancel_all_waiting()
    me.generations.resume()


def kites(count: int) -> str:
    mark = os.urandom(4).hex()
    return "\n".join(f"Kite {mark} number {number}" for number in range(count))


def sent(me: ForPerson, text: str) -> int:
    return len(me.library.page(text=text, limit=200).items)


def way(room: AppTest, name: str) -> AppTest:
    return room.radio(key="batch-way").set_value(name).run()


def test_an_empty_page_asks_for_words(room: AppTest) -> None:
    assert not room.exception
    assert "Nothing here yet" in words(room)


def test_many_prompts_are_sent_by_one_yes_and_once_however_often_it_is_clicked(room: AppTest, me: ForPerson) -> None:
    text = kites(12)
    room.text_area(key="batch-lines").set_value(text).run()
    assert not room.exception
    label = room.button(key="batch-send").label
    assert label.startswith("Send 12 prompts")
    assert label.endswith("free"), "the demo answers"
    room.button(key="batch-send").click().run()
    assert sent(me, text.split()[1]) == 0, "a click alone sends nothing"

    room.button(key="batch-yes").click().run()
    assert not room.exception
    assert sent(me, text.split()[1]) == 12
    assert "12 prompts are on their way." in words(room)
    assert "are not sent a second time" in words(room)
    assert not [button for button in room.button if button.key == "batch-send"]


def test_what_is_sent_is_known_after_a_reload_and_goes_again_only_on_purpose(room: AppTest, me: ForPerson) -> None:
    text = kites(2)
    room.text_area(key="batch-lines").set_value(text).run()
    room.button(key="batch-send").click().run()
    room.button(key="batch-yes").click().run()
    again = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    again.switch_page("batch.py").run()

    assert again.text_area(key="batch-lines").value == text
    assert "are not sent a second time" in words(again)
    again.button(key="batch-again").click().run()
    again.button(key="batch-send").click().run()
    again.button(key="batch-yes").click().run()
    assert sent(me, text.split()[1]) == 4


def test_takes_and_variations_multiply(room: AppTest) -> None:
    way(room, "variations")
    room.text_area(key="batch-variations").set_value("A {red|blue} kite {at dawn|at dusk}").run()
    room.number_input(key="batch-takes").set_value(3).run()

    assert not room.exception
    assert room.button(key="batch-send").label.startswith("Send 12 prompts")


def test_a_matrix_is_every_pair(room: AppTest) -> None:
    way(room, "matrix")
    room.text_area(key="batch-matrix").set_value("A {colour} kite {time}").run()
    for place, (name, values) in enumerate((("colour", "red\nblue\ngreen"), ("time", "at dawn\nat dusk"))):
        room.text_input(key=f"batch-axis-{place}").set_value(name)
        room.text_area(key=f"batch-values-{place}").set_value(values)
    room.run()

    assert not room.exception
    assert room.button(key="batch-send").label.startswith("Send 6 prompts")
    assert "A blue kite at dusk" in words(room).replace("\\", "")


def test_a_csv_with_faults_tells_them_all_and_sends_nothing(room: AppTest, me: ForPerson) -> None:
    way(room, "csv")
    room.file_uploader(key="batch-file").upload("kites.csv", THREE_BAD).run()

    assert not room.exception
    assert "3 things are wrong, so nothing is sent." in words(room)
    table = next(one.value for one in room.markdown if one.value.startswith("| Row"))
    assert [line.split("|")[1].strip() for line in table.splitlines()[2:]] == ["3", "4", "6"]
    assert not [button for button in room.button if button.key == "batch-send"]


def test_the_template_file_can_be_sent_as_it_is(room: AppTest) -> None:
    way(room, "csv")
    offered = room.get("download_button")
    assert len(offered) == 1


def test_the_queue_shows_a_batch_as_one_group_and_cancels_the_rest(
    room: AppTest, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    room.text_area(key="batch-lines").set_value(kites(30)).run()
    room.button(key="batch-send").click().run()
    room.button(key="batch-yes").click().run()
    single = me.generations.submit("A single kite", nonce=os.urandom(8).hex())
    room.switch_page("in_progress.py").run()

    assert not room.exception
    assert "30 of 30 in this batch still wait." in words(room)
    assert len([button for button in room.button if (button.key or "").startswith("rest-")]) == 1
    next(button for button in room.button if (button.key or "").startswith("rest-")).click().run()
    assert "30 waiting prompts cancelled." in words(room)
    assert [one.id for one in me.generations.unfinished()] == [single.id]


def test_foreign_words_in_a_batch_are_never_markdown(room: AppTest) -> None:
    spy = "![spy](http://evil.example/x.png)"
    room.text_area(key="batch-lines").set_value(f"{spy} a kite").run()

    rendered = [element.value for kind in (room.markdown, room.caption, room.error) for element in kind]
    assert not [text for text in rendered if "![" in text]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_room_speaks_both_languages(room: AppTest, language: str) -> None:
    room.sidebar.radio(key="language_switch").set_value(language).run()
    for name in ("lines", "variations", "matrix", "csv"):
        way(room, name)
        assert not room.exception
        ours = [element.value for kind in (room.title, room.markdown, room.caption, room.info) for element in kind]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in "".join(ours)) == (language == "zh_CN")


def test_a_shot_list_goes_as_one_prompt_a_shot_or_as_one_for_all(room: AppTest, me: ForPerson) -> None:
    way(room, "shots")
    mark = os.urandom(4).hex()
    room.text_area(key="batch-shots").set_value(f"4s: A door {mark} opens\n\n6s: She steps out").run()
    room.text_area(key="batch-shared").set_value("Rain, dusk.").run()
    assert not room.exception
    assert room.button(key="batch-send").label.startswith("Send 2 prompts")
    room.radio(key="batch-shots-as").set_value("one").run()
    assert room.button(key="batch-send").label.startswith("Send 1 prompt")
    room.button(key="batch-send").click().run()
    room.button(key="batch-yes").click().run()

    assert not room.exception
    (sent_one,) = me.library.page(text=mark).items
    assert sent_one.prompt.count("Rain, dusk.") == 1
    assert "Shot 2 (6 s):" in sent_one.prompt


def test_every_bad_line_of_a_shot_list_is_told_at_once_and_nothing_is_sent(room: AppTest) -> None:
    way(room, "shots")
    room.text_area(key="batch-shots").set_value("4s:\nA good one\n0s: Too short\n").run()
    assert not room.exception
    assert "2 things are wrong, so nothing is sent." in words(room)
    assert not [button for button in room.button if button.key == "batch-send"]


def test_a_batch_goes_into_the_collection_that_is_chosen(room: AppTest, me: ForPerson) -> None:
    text, name = kites(2), f"Kites {os.urandom(3).hex()}"
    me.marks.make_collection(name)
    room.text_area(key="batch-lines").set_value(text).run()
    room.selectbox(key="send-to").set_value(name).run()
    room.button(key="batch-send").click().run()
    room.button(key="batch-yes").click().run()
    assert not room.exception
    assert [one.count for one in me.marks.collections() if one.name == name] == [2]
    me.preferences.set("send_to_collection", "")
