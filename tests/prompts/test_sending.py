"""What leaves for a desk: the model's name, the words added, the extra fields."""

from __future__ import annotations

from services.prompts.desk import Desk, read
from services.prompts.fields import Controls, Fields, Place
from services.prompts.presets import built_in
from services.prompts.sending import as_before, composed, merged, outgoing

UPRIGHT = Fields(place=Place("A boat"), controls=Controls(orientation="portrait", seconds=15.0))


def test_free_text_leaves_exactly_as_it_is() -> None:
    sent = outgoing("A fox", "sora-2", composed(read("", "A fox"), built_in()))

    assert (sent.prompt, sent.model, sent.extra, sent.fields) == ("A fox", "sora-2", {}, None)


def test_wishes_go_into_the_name_where_the_family_reads_names() -> None:
    desk = Desk(UPRIGHT)
    sent = outgoing(desk.text, "sora2-landscape-10s", composed(desk, built_in()))

    assert (sent.prompt, sent.model) == ("A boat.", "sora2-portrait-15s")


def test_wishes_go_into_words_where_the_family_reads_words() -> None:
    desk = Desk(UPRIGHT)

    assert outgoing(desk.text, "sora-2", composed(desk, built_in())).prompt == "A boat.\n\nPortrait, 9:16. 15 seconds."


def test_wishes_go_into_extra_fields_and_go_again_with_the_same_words() -> None:
    desk = Desk(UPRIGHT)
    first = outgoing(desk.text, "grok-imagine-video", composed(desk, built_in()))
    again = outgoing(first.prompt, first.model, as_before(first.fields))

    assert first.extra == {"video_config": {"aspect_ratio": "9:16", "video_length": 15}}
    assert (again.prompt, again.model, again.extra, again.fields) == (
        first.prompt,
        first.model,
        first.extra,
        first.fields,
    )


def test_an_unknown_model_gets_plain_text_only() -> None:
    desk = Desk(UPRIGHT)
    sent = outgoing(desk.text, "house-model", composed(desk, built_in()))

    assert (sent.prompt, sent.model, sent.extra) == ("A boat.", "house-model", {})


def test_extra_fields_of_the_endpoint_stay_beside_those_of_the_wishes() -> None:
    assert merged({"video_config": {"preset": "fun"}, "user": "x"}, {"video_config": {"aspect_ratio": "9:16"}}) == {
        "video_config": {"preset": "fun", "aspect_ratio": "9:16"},
        "user": "x",
    }
