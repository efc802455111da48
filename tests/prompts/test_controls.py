"""Controls: every built-in preset, what is sent for it, and every mistake a person's own file can have."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompts.controls import options, plan
from services.prompts.fields import Controls
from services.prompts.presets import CONTROLS, Family, Presets, built_in, built_in_text, load_presets, merged
from tests.prompts.some import FEW

NAMES = [
    # family, model now, what is asked for, model sent
    ("sora2api", "sora2-landscape-10s", Controls(orientation="portrait", seconds=15), "sora2-portrait-15s"),
    ("sora2api", "sora2-landscape-10s", Controls(quality="pro-hd"), "sora2pro-hd-landscape-10s"),
    ("sora2api", "sora2pro-landscape-25s", Controls(seconds=10), "sora2pro-landscape-10s"),
    ("sora2api-extension", "sora2-extension-10s", Controls(seconds=10), "sora2-extension-10s"),
    ("sora-video", "sora-video-landscape-10s", Controls(orientation="portrait"), "sora-video-portrait-10s"),
    ("sora_video2", "sora_video2", Controls(orientation="landscape", seconds=15), "sora_video2-landscape-15s"),
    ("sora_video2", "sora_video2-landscape", Controls(quality="hd", seconds=25), "sora_video2-landscape-hd-25s"),
    ("sora_video2", "sora_video2-portrait-hd-15s", Controls(seconds=10), "sora_video2-portrait-hd"),
    ("sora_video2", "sora_video2", Controls(seconds=15), "sora_video2-15s"),
    ("sora-2-names", "sora-2-landscape-10s", Controls(orientation="portrait", seconds=15), "sora-2-portrait-15s"),
    ("sora-2-names", "sora-2-landscape-10s", Controls(quality="pro-hd", seconds=15), "sora-2-pro-landscape-hd-15s"),
    ("flow2api", "veo_3_1_t2v_fast_landscape", Controls(orientation="portrait"), "veo_3_1_t2v_fast_portrait"),
    ("flow2api", "veo_3_1_t2v_fast_landscape", Controls(seconds=4), "veo_3_1_t2v_fast_landscape_4s"),
    ("flow2api", "veo_3_1_t2v_fast_portrait", Controls(quality="lite", seconds=6), "veo_3_1_t2v_lite_6s_portrait"),
    ("flow2api", "veo_3_1_t2v_fast_portrait", Controls(quality="4k"), "veo_3_1_t2v_fast_portrait_4k"),
    ("flow2api-frames", "veo_3_1_i2v_s_fast_fl", Controls(orientation="portrait"), "veo_3_1_i2v_s_fast_portrait_fl"),
    ("flow2api-frames", "veo_3_1_i2v_s_fast_fl", Controls(seconds=4), "veo_3_1_i2v_s_fast_landscape_4s_fl"),
    ("veo-3.1", "veo-3.1", Controls(quality="fast"), "veo-3.1-fast"),
    ("veo-3.1", "veo-3.1-4k", Controls(quality="standard"), "veo-3.1"),
    ("jimeng", "jimeng-video-3.0-pro", Controls(orientation="portrait"), "jimeng-video-3.0-pro:720x1280"),
    ("jimeng", "jimeng-video-3.0:1280x720", Controls(orientation="square"), "jimeng-video-3.0:1024x1024"),
]
FAMILIES = {family.id: family for family in built_in().families}


@pytest.mark.parametrize(("family", "model", "asked", "sent"), NAMES)
def test_a_wish_is_asked_for_by_the_models_name(family: str, model: str, asked: Controls, sent: str) -> None:
    planned = plan(model, asked, built_in())
    assert options(model, built_in()).family == family
    assert planned.model == sent
    assert {each.how for each in planned.shown} == {"name"}
    assert (planned.extra, planned.prompt_words) == ({}, "")


def test_words_in_the_prompt_carry_wishes_where_that_is_what_the_relay_reads() -> None:
    asked = Controls(orientation="portrait", seconds=15)
    english, chinese = plan("sora-2", asked, built_in()), plan("sora-2", asked, built_in(), "zh")
    assert english.model == "sora-2"
    assert english.prompt("A boat\n") == "A boat\n\nPortrait, 9:16. 15 seconds."
    assert chinese.prompt("一条船") == "一条船\n\n竖屏，9:16。 时长15秒。"
    assert not any(each.sure for each in english.shown)
    assert plan("jimeng-video-3.0", Controls(seconds=5), built_in()).prompt_words == "5秒"


def test_extra_fields_carry_wishes_where_that_is_what_the_relay_reads() -> None:
    asked = Controls(orientation="portrait", seconds=10, quality="720p")
    planned = plan("grok-imagine-1.0-video", asked, built_in())
    assert planned.extra == {"video_config": {"aspect_ratio": "9:16", "video_length": 10, "resolution_name": "720p"}}
    alias = plan("veo_3_1_t2v_fast", Controls(orientation="landscape"), built_in())
    assert alias.extra == {"generationConfig": {"imageConfig": {"aspectRatio": "16:9"}}}


ELSEWHERE = [
    # family, model, what is asked for, how it is sent
    ("sora-2", "sora-2-pro", Controls(orientation="landscape"), "words"),
    ("flow2api-alias", "veo_3_1_t2v", Controls(orientation="portrait"), "extra"),
    ("grok", "grok-imagine-video", Controls(seconds=6), "extra"),
]


@pytest.mark.parametrize(("family", "model", "asked", "how"), ELSEWHERE)
def test_a_wish_is_asked_for_outside_of_the_models_name(family: str, model: str, asked: Controls, how: str) -> None:
    planned = plan(model, asked, built_in())
    assert (options(model, built_in()).family, planned.model) == (family, model)
    assert [each.how for each in planned.shown] == [how]


def test_every_preset_has_a_case() -> None:
    assert {family for family, *_ in (*NAMES, *ELSEWHERE)} == set(FAMILIES)


def test_every_family_and_every_offered_value_has_a_way_to_be_sent() -> None:
    for family in FAMILIES.values():
        model = next((name for name, _ in family.variants("")), "") if not family.models else ""
        model = model or family.models[0].replace("*", "3.0")
        offered = options(model, built_in())
        assert offered.family == family.id, model
        for control in CONTROLS:
            for value in getattr(offered, control):
                asked = {"seconds": float(value)} if control == "seconds" else {control: value}
                assert plan(model, Controls(**asked), built_in()).shown[0].how != "cannot", (model, asked)


def test_every_name_a_family_can_send_is_one_it_knows_again() -> None:
    for family in FAMILIES.values():
        base = family.models[0].replace("*", "3.0") if family.models else ""
        for name, values in family.variants(base):
            again = options(name, built_in())
            assert again.family == family.id, name
            assert dict(again.current) == values or family.id == "flow2api-frames", name


def test_unknown_models_get_plain_text_only() -> None:
    planned = plan("wonder-film-9", Controls(orientation="portrait", seconds=15, quality="hd"), built_in())
    assert (planned.model, planned.extra, planned.prompt("A boat")) == ("wonder-film-9", {}, "A boat")
    assert [each.how for each in planned.shown] == ["cannot"] * 3
    assert options("wonder-film-9", built_in()) == options("", built_in())
    assert plan("", Controls(), built_in()).shown == ()


def test_what_a_family_does_not_offer_is_shown_with_what_it_does() -> None:
    planned = plan("sora2-landscape-10s", Controls(seconds=60), built_in())
    assert planned.model == "sora2-landscape-10s"
    assert planned.shown[0].how == "cannot"
    assert planned.shown[0].params["offered"] == "10, 15, 25"


def test_without_a_wish_the_name_stays() -> None:
    for name in ("sora2-landscape-10s", "sora-2", "jimeng-video-3.0:720x1280"):
        assert plan(name, Controls(takes=4), built_in()).model == name


def test_the_built_in_file_is_valid_and_a_persons_own_family_comes_first() -> None:
    read = load_presets(built_in_text())
    assert read.value == built_in()
    own = load_presets(
        '{"families": [{"id": "sora-2", "label": "Mine", "models": ["sora-2"], "max_chars": 500}]}'
    ).value
    assert own is not None
    both = merged(own, built_in())
    assert options("sora-2", both).max_chars == 500
    assert len(both.families) == len(built_in().families)


def family(**more: Any) -> dict[str, Any]:
    return {"id": "mine", "label": "Mine", "models": ["mine-*"], **more}


BAD = [
    ("preset_no_id", "{0}", {"label": "x", "models": ["a"]}),
    ("preset_no_models", "{0}", {"id": "x", "label": "x"}),
    ("preset_unknown", "{0}", family(colour="red")),
    ("preset_wrong_kind", "{0}.models", family(models="mine")),
    ("preset_wrong_kind", "{0}.sure", family(sure="yes")),
    ("preset_wrong_kind", "{0}.max_chars", family(max_chars=-1)),
    ("preset_wrong_kind", "{0}.pictures", family(pictures="two")),
    ("preset_wrong_kind", "{0}.remix", family(remix="body")),
    ("preset_wrong_kind", "{0}.source", family(source=3)),
    ("preset_wrong_kind", "{0}.data_pictures_only", family(data_pictures_only=1)),
    ("preset_wrong_kind", "{0}.names", family(names={})),
    ("preset_wrong_kind", "{0}.words", family(words=[])),
    ("preset_wrong_kind", "{0}.extra", family(extra=[])),
    ("preset_wrong_kind", "{0}.names[0]", family(names=["x"])),
    ("preset_unknown", "{0}.names[0]", family(names=[{"form": "x", "size": ["1"]}])),
    ("preset_bad_form", "{0}.names[0]", family(names=[{"form": "x-{seconds}"}])),
    ("preset_bad_form", "{0}.names[0]", family(names=[{"form": "x", "seconds": ["4"]}])),
    ("preset_bad_form", "{0}.names[0]", family(names=[{"form": "x-{seconds", "seconds": ["4"]}])),
    ("preset_bad_form", "{0}.names[0]", family(names=[{"form": "x-{seconds.real}", "seconds": ["4"]}])),
    ("preset_wrong_kind", "{0}.names[0].seconds", family(names=[{"form": "{seconds}", "seconds": [4]}])),
    ("preset_too_many", "{0}.names[0].seconds", family(names=[{"form": "{seconds}", "seconds": []}])),
    ("preset_bad_value", "{0}.names[0].seconds", family(names=[{"form": "{seconds}", "seconds": ["ten"]}])),
    ("preset_bad_value", "{0}.names[0].seconds", family(names=[{"form": "{seconds}", "seconds": ["0"]}])),
    ("preset_bad_value", "{0}.words.orientation", family(words={"orientation": {"tall": {"en": "", "zh": ""}}})),
    ("preset_wrong_kind", "{0}.names[0].fixed", family(names=[{"form": "x", "fixed": ["a"]}])),
    ("preset_bad_value", "{0}.names[0].fixed.seconds", family(names=[{"form": "x", "fixed": {"seconds": "-"}}])),
    ("preset_unknown", "{0}.names[0].fixed", family(names=[{"form": "x", "fixed": {"size": "1"}}])),
    ("preset_wrong_kind", "{0}.words.seconds", family(words={"seconds": {"4": "4 s"}})),
    ("preset_unknown", "{0}.words", family(words={"size": {}})),
    ("preset_wrong_kind", "{0}.extra.seconds", family(extra={"seconds": {"path": "x"}})),
    ("preset_bad_value", "{0}.extra.seconds", family(extra={"seconds": {"path": ["messages"], "values": {}}})),
    ("preset_bad_value", "{0}.extra.seconds", family(extra={"seconds": {"path": ["x"], "values": {"long": 1}}})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "where", "kept"), BAD)
def test_a_mistake_in_a_file_is_said_with_the_place(code: str, where: str, kept: dict[str, Any]) -> None:
    read = load_presets(json.dumps({"families": [kept]}))
    assert read.value is None
    place = where.replace("{0}", "families[0]")
    assert (code, place) in [(each.code, each.column) for each in read.problems]
    assert all("{" not in str(each) or code == "preset_bad_form" for each in read.problems)


def test_all_mistakes_are_told_at_once() -> None:
    kept = {"families": [family(sure=1), 7, family(pictures=-1)]}
    places = [each.column for each in load_presets(json.dumps(kept)).problems]
    assert places == ["families[0].sure", "families[1]", "families[2].pictures", "families[2]"]


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"families": {}}', "[" * 100_000])
def test_what_is_no_file_of_presets_is_said_plainly(text: str) -> None:
    assert [each.code for each in load_presets(text).problems] == ["preset_not_json"]


def test_a_family_said_twice_is_told() -> None:
    read = load_presets(json.dumps({"families": [family(), family()]}))
    assert [(each.code, each.column) for each in read.problems] == [("preset_twice", "families[1]")]


def test_too_many_families_are_refused() -> None:
    many = {"families": [family(id=str(number)) for number in range(201)]}
    assert [each.code for each in load_presets(json.dumps(many)).problems] == ["preset_too_many"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["{seconds}", "{base}", "10"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["form", "path", "values", "seconds", "en", "zh", "fixed", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@FEW
@given(st.dictionaries(st.sampled_from(["names", "words", "extra", "models", "pictures"]), JSON))
def test_no_file_breaks_the_reading_and_what_passes_can_be_used(parts: dict[str, Any]) -> None:
    kept = family(**copy.deepcopy(parts))
    read = load_presets(json.dumps({"families": [kept]}))
    if read.value:
        planned = plan("mine-1", Controls(orientation="portrait", seconds=10, quality="x"), read.value)
        assert isinstance(planned.model, str)


def test_an_empty_set_of_presets_knows_nothing() -> None:
    assert Presets().family_of("sora-2") is None
    assert Family("x", "x").base_of("x") is None
