"""The desk on the server, and what becomes of it when it is sent, taken back and used again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from services.prompts.composing import BEFORE, MOST_BEFORE, NOTE, desk_of, emptied
from services.prompts.desk import Desk, fields_of, read, with_fields, with_text
from services.prompts.field_help import changed_fields
from services.prompts.fields import Controls, Fields, Place
from services.prompts.own_presets import presets_of
from services.prompts.presets import built_in
from services.prompts.sending import composed, outgoing
from services.runtime import ForPerson, Runtime

BOAT = Fields(place=Place("A boat"), mood=("calm",))
LONG = {"en": "Fifteen seconds.", "zh": "十五秒。"}
UPRIGHT = replace(BOAT, controls=Controls(orientation="portrait", seconds=15.0))


def test_what_is_chosen_is_found_again_on_any_device(run: Callable[..., Runtime]) -> None:
    here = run(executes=False).for_person("local").composing
    here.turn(here.open()[0], lambda desk: with_fields(desk, BOAT))

    there = run(executes=False).for_person("local").composing.open()[0]
    nobodys = run(executes=False).for_person("someone else").composing.open()[0]

    assert (there.fields, there.text) == (BOAT, "A boat.\n\nMood: calm")
    assert nobodys == Desk()


def test_two_devices_do_not_undo_each_others_clicks(me: ForPerson) -> None:
    stale = me.composing.open()[0]
    me.composing.turn(stale, lambda desk: with_fields(desk, replace(desk.fields, mood=("calm",))))
    me.composing.turn(stale, lambda desk: with_fields(desk, replace(desk.fields, lens=("35 mm",))))

    fields = me.composing.open()[0].fields
    assert (fields.mood, fields.lens) == (("calm",), ("35 mm",))


def test_a_clear_is_taken_back_with_all_its_fields(me: ForPerson) -> None:
    desk = me.composing.turn(Desk(), lambda _: with_text(Desk(BOAT), "A boat, by hand"))
    bare = me.composing.turn(desk, emptied, step=True)

    assert (bare.text, me.composing.open()) == ("", (Desk(), 1))
    assert me.composing.put_back(bare) == desk
    assert me.composing.open() == (desk, 0)
    assert me.composing.put_back(desk) == desk, "nothing is left to put back"


def test_only_so_many_steps_are_kept_and_a_broken_note_of_them_is_none(me: ForPerson) -> None:
    for number in range(MOST_BEFORE + 5):
        me.composing.put(read("", f"number {number}"), read("", "next"))
    assert me.composing.open()[1] == MOST_BEFORE

    me.drafts.save("{not JSON", BEFORE)
    me.drafts.save("[1, 2", NOTE)
    assert me.composing.open() == (read("", "next"), 0)


def test_prompts_sent_before_are_found_newest_first_and_each_once(me: ForPerson) -> None:
    me.generations.pause()
    for number, prompt in enumerate(["first", "second", "first", "third"]):
        me.generations.submit(prompt, nonce=f"n{number}")

    found = [me.composing.past(place) for place in range(4)]
    assert [one.prompt if one else None for one in found] == ["third", "first", "second", None]


def test_fields_wishes_and_text_are_kept_with_the_generation_and_the_request(me: ForPerson) -> None:
    me.generations.pause()
    desk = with_text(Desk(UPRIGHT, parent_id="p"), "A boat, by hand")
    sent = me.generations.submit(desk.text, nonce="n", model="sora2-landscape-10s", composed=composed(desk, built_in()))

    assert sent.model == "sora2-portrait-15s"
    assert sent.request is not None
    assert sent.request["model"] == "sora2-portrait-15s"
    assert fields_of(sent.fields) == UPRIGHT
    assert desk_of(sent, again=True) == replace(desk, parent_id=sent.id)


def test_taking_back_returns_the_desk_as_it_was(run: Callable[..., Runtime]) -> None:
    me = run(undo_seconds=600.0).for_person("local")
    desk = with_text(Desk(UPRIGHT), "A boat, by hand")
    sent = me.generations.submit(desk.text, nonce="n", model="sora-2", composed=composed(desk, built_in()))
    me.generations.undo(sent.id)

    assert sent.prompt.endswith("Portrait, 9:16. 15 seconds.")
    assert desk_of(me.generations.get(sent.id)) == desk


def test_extra_fields_go_again_with_the_same_words(me: ForPerson) -> None:
    me.generations.pause()
    sent = me.generations.submit(
        "A boat.", nonce="n", model="grok-imagine-video", composed=composed(Desk(UPRIGHT), built_in())
    )
    me.generations.cancel(sent.id)
    again = me.generations.send_again(sent.id, nonce="n2", confirmed=True)

    assert sent.request is not None
    assert sent.request["video_config"] == {"aspect_ratio": "9:16", "video_length": 15}
    assert (again.request, again.fields, again.parent_id) == (sent.request, sent.fields, sent.id)


def test_ones_own_word_on_a_model_goes_before_the_built_in_one(me: ForPerson) -> None:
    own = {"families": [{"id": "house", "label": "House", "models": ["house-*"], "words": {"seconds": {"15": LONG}}}]}
    assert me.presets.save("{").problems
    assert me.presets.text() == ""
    assert me.presets.save(json.dumps(own)).problems == ()
    known = presets_of(me.presets.text())

    sent = outgoing("A boat.", "house-1", composed(Desk(UPRIGHT), known))
    assert sent.prompt == "A boat.\n\nFifteen seconds."
    assert me.presets.save(" ").problems == ()
    assert presets_of(me.presets.text()) == built_in()


def test_a_free_text_keeps_nothing_beside_it(me: ForPerson) -> None:
    me.generations.pause()
    sent = me.generations.submit("A fox", nonce="n", composed=composed(read("", "A fox"), built_in()))

    assert sent.fields is None
    assert desk_of(sent, again=True) == replace(read("", "A fox"), parent_id=sent.id)


def test_what_changed_since_the_parent_is_named(me: ForPerson) -> None:
    me.generations.pause()
    first = me.generations.submit("A boat.", nonce="n", composed=composed(Desk(BOAT), built_in()))
    other = Desk(replace(BOAT, light=("neon spill",)), parent_id=first.id)
    second = me.generations.submit(other.text, nonce="n2", parent_id=first.id, composed=composed(other, built_in()))

    assert changed_fields(fields_of(first.fields), fields_of(second.fields)) == ("light",)
