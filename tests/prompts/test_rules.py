"""Every conflict rule: it is found, each of its fixes mends it, and what is innocent stays without a warning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompts.beat_clock import Rates
from services.prompts.checks import CODES, check, check_composition, check_text, too_long
from services.prompts.composition import Composition, apply_edit
from services.prompts.fields import EMPTY, Beat, Controls, Fields, Line, Person, Place, Sound
from services.prompts.findings import Context, Finding
from services.prompts.vocabulary import LISTS, words
from tests.prompts.some import FEW, FIELDS, QUAY

PLAIN = Context()
FOUR = Context(seconds=4, allowed_seconds=(4, 8, 12))

BROKEN: dict[str, list[tuple[Fields, Context]]] = {
    "many_moves": [
        (Fields(moves=("pan left", "zoom in")), PLAIN),
        (Fields(moves=("左摇", "向左环绕", "slow push-in")), PLAIN),
    ],
    "static_and_move": [
        (Fields(moves=("static / locked-off", "pan left")), PLAIN),
        (Fields(moves=("固定机位", "handheld")), PLAIN),
    ],
    "angles_apart": [
        (Fields(angles=("bird's-eye / top-down", "eye level")), PLAIN),
        (Fields(angles=("仰拍", "俯拍")), PLAIN),
        (Fields(shots=("aerial view",), angles=("eye level",)), PLAIN),
    ],
    "sizes_apart": [(Fields(shots=("extreme wide shot", "close-up")), PLAIN)],
    "two_lenses": [(Fields(lens=("24 mm", "85 mm")), PLAIN)],
    "shallow_and_deep": [(Fields(lens=("shallow depth of field", "deep focus")), PLAIN)],
    "one_take_and_cuts": [
        (Fields(moves=("one-take",), pace=("montage",)), PLAIN),
        (Fields(pace=("single continuous shot", "jump cut")), PLAIN),
    ],
    "fixed_camera_look": [
        (Fields(looks=("security camera",), moves=("drone fly-over",)), PLAIN),
        (Fields(lens=("CCTV lens",), moves=("handheld",)), PLAIN),
    ],
    "two_times": [
        (Fields(place=Place(times=("noon", "midnight"))), PLAIN),
        (Fields(place=Place(times=("黎明", "暮色"))), PLAIN),
    ],
    "two_lights": [(Fields(light=("moonlight", "hard noon sun")), PLAIN)],
    "light_against_time": [
        (Fields(place=Place(times=("noon",)), light=("moonlight",)), PLAIN),
        (Fields(place=Place(times=("midnight",)), light=("golden hour",)), PLAIN),
    ],
    "weather_apart": [(Fields(place=Place(weather=("clear sky", "heavy rain"))), PLAIN)],
    "light_against_weather": [
        (Fields(place=Place(weather=("heavy rain",)), light=("hard noon sun",)), PLAIN),
        (Fields(place=Place(weather=("clear sky",)), light=("overcast",)), PLAIN),
    ],
    "black_white_and_colours": [
        (Fields(looks=("film noir",), palette=("teal, sand, rust",)), PLAIN),
        (Fields(looks=("黑白老电影",), palette=("red",)), PLAIN),
        (Fields(palette=("monochrome grey", "jewel tones")), PLAIN),
    ],
    "light_keys_apart": [(Fields(light=("high-key", "low-key")), PLAIN)],
    "speeds_apart": [
        (Fields(looks=("time-lapse", "slow motion")), PLAIN),
        (Fields(looks=("time-lapse",), pace=("real time",)), PLAIN),
    ],
    "loop_and_fade": [(Fields(pace=("seamless loop", "fade to black")), PLAIN)],
    "music_and_none": [(Fields(sound=Sound(("no music, natural sound only",), (), ("solo piano",))), PLAIN)],
    "speech_and_none": [
        (Fields(sound=Sound(effects=("no speech",)), dialogue=(Line("Mei", "Hello"),)), PLAIN),
        (Fields(sound=Sound(effects=("无人声", "旁白"))), PLAIN),
    ],
    "text_and_none": [(Fields(on_screen=("SALE",), avoid="blur, on-screen text"), PLAIN)],
    "many_looks": [(Fields(looks=("anime", "watercolour", "pixel art")), PLAIN)],
    "many_moods": [(Fields(mood=("calm", "tender", "joyful")), PLAIN)],
    "many_people": [(Fields(cast=tuple(Person(name) for name in "ABCDE")), PLAIN)],
    "many_colours": [(Fields(palette=("amber, cream, walnut", "teal, sand, rust")), PLAIN)],
    "same_name": [(Fields(cast=(Person("Mei", ("tall",)), Person("mei", ("short",)))), PLAIN)],
    "beats_too_long": [(Fields(beats=(Beat("One", 3), Beat("Two", 3))), FOUR)],
    "speech_too_long": [
        (Fields(dialogue=(Line("A", "one two three four five six"), Line("B", "seven eight nine ten eleven"))), FOUR),
        (Fields(dialogue=(Line("A", "我们终于回到家了"), Line("B", "今天的雨下得真大啊啊啊啊"))), FOUR),
    ],
    "picture_shape": [
        (EMPTY, Context(picture=(720, 1280), orientation="landscape")),
        (EMPTY, Context(picture=(1280, 720), orientation="portrait")),
    ],
    "picture_unread": [(EMPTY, Context(picture=(720, 1280), takes_picture=False))],
    "praise": [
        (Fields(place=Place("A beautiful street"), beats=(Beat("An amazing sunrise"),)), PLAIN),
        (Fields(place=Place("绝美的海边")), PLAIN),
    ],
    "negatives": [
        (Fields(place=Place("A street. Do not show people.")), PLAIN),
        (Fields(beats=(Beat("她走过。不要出现路人。"),)), PLAIN),
    ],
    "longer_in_prose": [
        (Fields(beats=(Beat("She runs, make it longer"),)), PLAIN),
        (Fields(place=Place("海边，让视频更长一点")), PLAIN),
    ],
    "length_in_prose": [
        (Fields(place=Place("A 15-second video of a quay")), FOUR),
        (Fields(place=Place("15秒的视频，码头")), FOUR),
    ],
    "text_too_long": [(Fields(place=Place("x" * 30)), Context(max_chars=20))],
}
CASES = [(code, fields, context) for code, cases in BROKEN.items() for fields, context in cases]
WITHOUT_A_FIX = {"picture_unread", "text_too_long"}
IN_THE_REQUEST = {"picture_shape"}  # the page's context follows the controls that its fix changes


def found(fields: Fields, context: Context) -> dict[str, Finding]:
    return {each.code: each for each in check_composition(Composition(fields, context.language), context)}


def test_every_rule_has_a_case() -> None:
    assert set(CODES) == set(BROKEN)
    assert len(CODES) == len(set(CODES)) >= 25


@pytest.mark.parametrize(("code", "fields", "context"), CASES)
def test_a_conflict_is_found_and_nothing_else_is(code: str, fields: Fields, context: Context) -> None:
    assert list(found(fields, context)) == [code]


@pytest.mark.parametrize(("code", "fields", "context"), CASES)
def test_each_fix_of_a_conflict_mends_it(code: str, fields: Fields, context: Context) -> None:
    fixes = found(fields, context)[code].fixes
    assert bool(fixes) != (code in WITHOUT_A_FIX)
    for fix in fixes:
        mended = fix.apply(fields)
        assert mended != fields
        if code in IN_THE_REQUEST:
            context = replace(context, orientation=mended.controls.orientation)
        elif mended.controls.seconds:
            context = replace(context, seconds=mended.controls.seconds)
        if code == "many_moves" and len(fields.moves) > 2:
            assert len(mended.moves) == 1
        assert code not in found(mended, context), fix.label


@pytest.mark.parametrize(("code", "fields", "context"), CASES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_sentences_and_labels_can_be_filled(code: str, fields: Fields, context: Context, language: str) -> None:
    finding = found(fields, replace(context, language="zh" if language == "zh" else "en"))[code]
    assert "{" not in finding.sentence.format(**finding.params)
    for fix in finding.fixes:
        assert "{" not in fix.label.format(**fix.params)


def test_words_in_a_finding_are_in_the_readers_language() -> None:
    finding = found(Fields(moves=("pan left", "zoom in")), Context(language="zh"))["many_moves"]
    assert finding.params["words"] == "左摇、变焦推"
    assert [fix.params["word"] for fix in finding.fixes] == ["左摇", "变焦推"]


def picked(name: str, word: str) -> Iterator[Fields]:
    yield from {
        "style": [Fields(looks=(word,))],
        "time_weather_air": [Fields(place=Place(times=(word,))), Fields(place=Place(weather=(word,)))],
        "shot_types": [Fields(shots=(word,)), Fields(angles=(word,))],
        "camera_moves": [Fields(moves=(word,))],
        "lens_and_focus": [Fields(lens=(word,))],
        "lighting": [Fields(light=(word,))],
        "palette": [Fields(palette=(word,))],
        "colours": [Fields(palette=(word,))],
        "mood": [Fields(mood=(word,))],
        "pace_and_cuts": [Fields(pace=(word,))],
        "audio": [Fields(sound=Sound(bed=(word,)))],
        "manner": [Fields(dialogue=(Line("Mei", "Hello", word),))],
    }.get(name, [])


@pytest.mark.parametrize("name", LISTS)
def test_no_word_is_in_conflict_with_itself(name: str) -> None:
    for word in words(name):
        for fields in picked(name, word.en):
            assert check(fields, FOUR) == (), word.en
        for text in (word.en, word.zh, word.hint, word.hint_zh):
            assert check_text(text, FOUR) == (), text


def test_a_word_that_stands_in_two_lists_is_no_conflict_with_itself() -> None:
    for word in ("golden hour", "blue hour"):
        assert check(Fields(place=Place(times=(word,)), light=(word,)), PLAIN) == ()
    assert check(Fields(place=Place(weather=("overcast",)), light=("overcast",)), PLAIN) == ()


@pytest.mark.parametrize(
    "fields",
    [
        Fields(moves=("static / locked-off", "rack focus")),
        Fields(moves=("static / locked-off", "zoom in")),
        Fields(moves=("handheld", "follow from behind")),
        Fields(moves=("slow push-in",), shots=("wide shot", "close-up")),
        Fields(shots=("medium shot", "two-shot")),
        Fields(angles=("low angle", "worm's-eye")),
        Fields(angles=("eye level", "dutch angle")),
        Fields(moves=("zoom in",), lens=("24 mm", "85 mm")),
        Fields(place=Place(times=("dusk", "night"))),
        Fields(place=Place(times=("sunset",)), light=("golden hour",)),
        Fields(place=Place(times=("dawn",)), light=("moonlight",)),
        Fields(place=Place(times=("my birthday", "noon"))),
        Fields(place=Place(weather=("after rain", "clear sky"))),
        Fields(looks=("film noir",), palette=("charcoal, slate, bone",)),
        Fields(looks=("film noir",), palette=("the colour of ash",)),
        Fields(looks=("slow motion",), pace=("half speed",)),
        Fields(looks=("security camera",), moves=("static / locked-off",)),
        Fields(moves=("one-take",), pace=("fade to black",)),
        Fields(cast=(Person("Mei", ("tall",)), Person("Mei", ("tall",)))),
        Fields(dialogue=(Line("Mei", "What a beautiful day"),)),
        Fields(beats=(Beat('She says "make it longer"'),)),
        Fields(place=Place("A man who does not show his face")),
        QUAY,
    ],
)
def test_what_goes_together_is_not_warned_about(fields: Fields) -> None:
    assert check(fields, FOUR) == ()


def test_what_is_unknown_is_not_warned_about() -> None:
    long = Fields(beats=(Beat("x", 60),), dialogue=(Line("A", "word " * 200),), place=Place("A 90-second video"))
    assert check(long, PLAIN) == ()
    assert check(EMPTY, Context(picture=(1280, 720))) == ()
    assert too_long("x" * 100_000, PLAIN) == ()


def test_the_rates_of_speech_can_be_set() -> None:
    line = Fields(dialogue=(Line("A", "one two three four five six seven eight nine ten eleven"),))
    assert [each.code for each in check(line, FOUR)] == ["speech_too_long"]
    assert check(line, replace(FOUR, rates=Rates(english_words_per_second=3))) == ()


def test_a_longer_clip_is_offered_only_where_the_model_has_one() -> None:
    beats = Fields(beats=(Beat("a", 9),), controls=Controls(seconds=4))
    fixes = found(beats, FOUR)["beats_too_long"].fixes
    assert [fix.params["seconds"] for fix in fixes] == ["4", "12"]
    assert fixes[1].apply(beats).controls.seconds == 12
    assert len(found(beats, replace(FOUR, allowed_seconds=(4,)))["beats_too_long"].fixes) == 1


def test_moving_an_order_to_avoid_keeps_its_words() -> None:
    fields = Fields(place=Place("A street. Do not show people."), avoid="blur")
    mended = found(fields, PLAIN)["negatives"].fixes[0].apply(fields)
    assert (mended.place.text, mended.avoid) == ("A street.", "blur, people")


@FEW
@given(FIELDS, st.sampled_from([PLAIN, FOUR, Context(seconds=1, max_chars=10, picture=(1, 2), language="zh")]))
def test_no_fields_break_the_checks_and_no_fix_raises(fields: Fields, context: Context) -> None:
    for finding in check_composition(Composition(fields), context):
        assert "{" not in finding.sentence or finding.sentence.format(**finding.params)
        for fix in finding.fixes:
            assert isinstance(fix.apply(fields), Fields)
            assert fix.label.format(**fix.params)


def test_once_edited_the_text_is_judged_and_not_the_fields() -> None:
    both = Fields(moves=("pan left", "zoom in"))
    edited = apply_edit(Composition(both), "A quay at dawn")
    assert check_composition(edited, PLAIN) == ()
