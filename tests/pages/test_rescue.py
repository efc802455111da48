"""The rescue desk, run as Streamlit runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from services.runtime import ForPerson, Runtime
from tests.pages.test_pages import PROJECT, words
from tests.waiting import wait_until


@pytest.fixture
def desk(runtime: Runtime, me: ForPerson) -> AppTest:
    """The desk with nothing on it."""
    me.preferences.set("language", "en")
    while items := me.rescue.page(limit=50).items:
        me.rescue.dismiss([one.id for one in items])
    return AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()


def opened(desk: AppTest, id: str | None = None) -> AppTest:
    if id:
        desk.query_params["id"] = id
    desk.switch_page("rescue.py").run()
    assert not desk.exception
    return desk


def links_to_the_desk(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.main.get("page_link") if "Rescue" in link.proto.label]


@pytest.mark.parametrize("page", ["in_progress.py", "library.py"])
def test_the_way_to_the_desk_is_there_only_when_something_waits(
    desk: AppTest, me: ForPerson, filmed: Callable[[str], str], page: str
) -> None:
    desk.switch_page(page).run()
    assert links_to_the_desk(desk) == []
    id = filmed("A lost kite [dead link] [fast]")
    desk.run()
    assert links_to_the_desk(desk) == ["Rescue (1)"]
    me.rescue.dismiss([id])


def test_an_empty_desk_is_good_news(desk: AppTest) -> None:
    opened(desk)

    assert "Nothing needs rescuing" in words(desk)


def test_the_menu_stays_as_it_is(desk: AppTest) -> None:
    assert [link.proto.label for link in desk.sidebar.get("page_link")] == [
        "Create",
        "Queue",
        "Library",
        "Usage",
        "Settings",
        "Help",
    ]


def test_a_pasted_link_rescues_the_row(desk: AppTest, me: ForPerson, filmed: Callable[[str], str]) -> None:
    live = me.generations.get(filmed("A live kite [fast]")).videos[0].source_url
    id = filmed("A dead kite [dead link] [fast]")
    opened(desk, id)
    assert "no longer there" in "\n".join(one.value for one in desk.warning)
    assert [one.label for one in desk.button if (one.key or "").startswith("fetch-")] == ["Try to save it again"]

    desk.text_area(key=f"paste-{id}").set_value(f"Here you are: {live} bye").run()
    assert [box.value for box in desk.checkbox] == [True]
    desk.button(key="attach").click().run()
    assert not desk.exception
    assert "is being saved to this prompt" in words(desk)
    assert desk.text_area(key=f"paste-{id}").value == ""
    wait_until(lambda: me.generations.get(id).videos[-1].state == "kept")
    desk.run()

    players = [player for player in desk.get("video") if isinstance(player, Element)]
    assert [player.url for player in players] == [f"/app/static/media/{me.generations.get(id).videos[-1].id}"]
    assert not me.rescue.is_unhappy(id)
    assert [one.value for one in desk.warning] == []  # the film is here: the dead link is no news any more
    assert [expander.label for expander in desk.expander if expander.label.startswith("Pasted on")]


def test_nothing_found_is_told_kindly_and_can_be_kept(
    desk: AppTest, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    id = filmed("Only words [no video] [fast]")
    opened(desk, id)
    desk.text_area(key=f"paste-{id}").set_value("they said: ask again tomorrow").run()
    assert any("Copy link address" in info.value for info in desk.info)
    desk.button(key="attach").click().run()

    assert [paste.text for paste in me.rescue.pastes(id)] == ["they said: ask again tomorrow"]
    assert me.generations.get(id).videos == ()


def test_foreign_words_on_the_desk_are_never_markdown(
    desk: AppTest, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    spy = "![spy](http://evil.example/x.png)"
    id = filmed(f"{spy} [no video] [fast]")
    opened(desk)
    labels = [box.label for box in desk.checkbox]
    opened(desk, id)
    desk.text_area(key=f"paste-{id}").set_value(f"{spy} https://evil.example/![x](http://a.b/c).mp4").run()

    rendered = [element.value for kind in (desk.markdown, desk.caption, desk.info) for element in kind]
    assert not [text for text in (*rendered, *labels, *(box.label for box in desk.checkbox)) if "![" in text]


def test_several_are_put_away_and_come_back(desk: AppTest, me: ForPerson, filmed: Callable[[str], str]) -> None:
    ids = [filmed(f"Fog {number} [no video] [fast]") for number in range(3)]
    opened(desk)
    desk.button(key="pick-all").click().run()
    desk.button(key="many-done").click().run()

    assert me.rescue.count() == 0
    assert "3 prompts are off this list." in words(desk)
    desk.button(key="undo-done").click().run()
    assert {one.id for one in me.rescue.page().items} == set(ids)


def test_several_are_sent_again_after_one_question_that_names_the_count(
    desk: AppTest, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    ids = [filmed(f"Rain {number} [cut] [fast]") for number in range(2)]
    opened(desk)
    for id in ids:
        desk.checkbox(key=f"pick-{id}").check()
    desk.run()
    before = me.generations.newest(limit=1)[0].id
    desk.button(key="many-again").click().run()

    assert me.generations.newest(limit=1)[0].id == before, "a click alone sends nothing"
    assert "2 prompts would be sent again." in words(desk)
    assert "2 of them may be charged a second time." in words(desk)
    desk.button(key="many-again-yes").click().run()
    assert {one.parent_id for one in me.generations.newest(limit=2)} == set(ids)
    assert "2 prompts are on their way." in words(desk)


def test_what_the_bill_says_is_said_on_every_page(desk: AppTest, me: ForPerson, filmed: Callable[[str], str]) -> None:
    id = filmed("Snow [cut] [fast]")
    opened(desk)
    desk.checkbox(key=f"pick-{id}").check().run()
    desk.button(key="many-no").click().run()

    assert me.generations.get(id).charged is False
    assert "Noted for 1 prompt." in words(desk)


def test_a_generation_that_is_not_there_says_so(desk: AppTest) -> None:
    opened(desk, "nobody-has-this")

    assert "no such generation" in words(desk)


@pytest.fixture
def paid(me: ForPerson) -> Iterator[str]:
    """An endpoint that is no demo to Dailies, though the same server answers."""
    view = me.endpoints.save(None, name="Paid", base_url=me.endpoints.get("demo").base_url, model="demo-film")
    yield view.id
    me.endpoints.forget(view.id)


def test_a_lost_video_says_what_it_may_have_cost_and_where_a_new_link_goes(
    desk: AppTest, filmed: Callable[..., str], paid: str
) -> None:
    id = filmed("A dear kite [dead link] [fast]", paid)
    for page in ("rescue.py", "generation.py"):
        desk.query_params["id"] = id
        desk.switch_page(page).run()

        assert "This was or may have been charged." in words(desk)
        assert "look for a new one at the provider" in desk.warning[0].value


def test_what_dailies_itself_noticed_is_not_put_into_the_endpoints_mouth(
    desk: AppTest, filmed: Callable[[str], str]
) -> None:
    opened(desk, filmed("A torn kite [cut] [fast]"))
    assert "What the endpoint said" not in words(desk)

    opened(desk, filmed("A kite behind a broken server [500] [fast]"))
    assert "What the endpoint said" in words(desk)
    assert "The demo server failed on purpose" in words(desk)


def test_other_words_than_those_that_were_read_are_read_before_they_are_attached(
    desk: AppTest, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    live = me.generations.get(filmed("A late kite [fast]")).videos[0].source_url
    id = filmed("A hasty kite [no video] [fast]")
    opened(desk, id)
    desk.text_area(key=f"paste-{id}").set_value("nothing in here").run()
    desk.text_area(key=f"paste-{id}").set_value(live)
    desk.button(key="attach").click().run()  # one run: the click takes the new words along, as a browser does

    assert me.rescue.pastes(id) == []
    assert desk.text_area(key=f"paste-{id}").value == live
    assert [box.value for box in desk.checkbox] == [True]
    desk.button(key="attach").click().run()
    assert [paste.text for paste in me.rescue.pastes(id)] == [live]


def test_what_was_taken_back_before_it_was_sent_set_nobody_to_work(desk: AppTest, me: ForPerson) -> None:
    me.generations.pause()  # so that it is not on its way before we are
    held = me.generations.submit("A kite that stays at home", nonce="stays-at-home")
    me.generations.cancel(held.id)
    me.generations.resume()
    desk.query_params["id"] = held.id
    desk.switch_page("generation.py").run()

    assert "You took it back before it was sent. Nothing was charged." in words(desk)
    assert "gone on working" not in words(desk)


def test_chinese_sentences_stand_side_by_side_without_a_space(
    desk: AppTest, filmed: Callable[..., str], paid: str
) -> None:
    id = filmed("Two tongues, two sentences [429] [fast]", paid)
    desk.sidebar.radio(key="language_switch").set_value("zh_CN").run()
    opened(desk, id)

    assert "接口当前请求过多。请稍等片刻，再重新发送。任务未开始，没有扣费。" in words(desk)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_desk_speaks_both_languages(desk: AppTest, filmed: Callable[[str], str], language: str) -> None:
    id = filmed("Two tongues [dead link] [fast]")
    desk.sidebar.radio(key="language_switch").set_value(language).run()
    for shown in (None, id):
        opened(desk, shown)
        ours = [element.value for kind in (desk.title, desk.header, desk.markdown, desk.caption) for element in kind]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in "".join(ours)) == (language == "zh_CN")
