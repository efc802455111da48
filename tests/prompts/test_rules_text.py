"""Free text: sure findings only, and none at all on innocent prompts in either language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompts.checks import check_text
from services.prompts.compose import compose
from services.prompts.findings import Context
from services.prompts.rules_text import RULES
from tests.prompts.some import FEW, QUAY

TEN = Context(seconds=10, allowed_seconds=(10, 15))

SURE = [
    ("many_moves", "A quay. The camera pans left, and the camera zooms in on the bench."),
    ("many_moves", "码头，镜头缓慢推进，镜头环绕长椅。"),
    ("static_and_move", "Static camera on a street. The camera pushes in."),
    ("static_and_move", "固定机位，镜头推进到脸。"),
    ("two_times", "A market at noon, a lamp at midnight."),
    ("two_times", "正午的广场，黎明的光。"),
    ("two_times", "A square at noon in the moonlight."),
    ("angles_apart", "A top-down shot of the table, eye-level camera."),
    ("angles_apart", "俯拍桌面，平视镜头。"),
    ("shallow_and_deep", "Shallow depth of field, deep focus, a chess board."),
    ("one_take_and_cuts", "One-take walk through a house, with jump cuts."),
    ("one_take_and_cuts", "一镜到底穿过房子，蒙太奇。"),
    ("music_and_none", "No music. Solo piano over the waves."),
    ("speech_and_none", 'No dialogue.\n\nDialogue:\n- Mei: "Hello"'),
    ("weather_apart", "A clear sky over the harbour, heavy rain on the boats."),
    ("weather_apart", "晴空，暴雨打在船上。"),
    ("speeds_apart", "Time-lapse of clouds in slow motion."),
    ("praise", "A stunning masterpiece of a street, best quality"),
    ("praise", "绝美的雪山，最佳质量"),
    ("negatives", "A street in Rome. Don't show cars."),
    ("negatives", "罗马街头。不要出现汽车。"),
    ("longer_in_prose", "A boat on a lake, make the video longer"),
    ("longer_in_prose", "湖上的船，把视频加长"),
    ("length_in_prose", "A 20 second video of a boat"),
    ("length_in_prose", "20秒的短片，一条船"),
    ("speech_too_long", 'Dialogue:\n- A: "' + "word " * 40 + '"'),
]

INNOCENT = [
    "A paper boat crosses a puddle, macro, soft window light",
    "She tilts her head up and pans for gold in the river.",
    "The train pushes in slowly as people zoom in and out of the station.",
    "Shot 1: the camera pans left over the city. Shot 2: the camera zooms in on a window.",
    "[5.0s] The camera pushes in. [5.0s] The camera orbits left.",
    "The camera pans from the noon market to the same square at midnight, time-lapse",
    "A city from dawn until dusk, the light changes at noon and at midnight.",
    "No push-in, no pan left: the camera stays still.",
    "Static camera. No zoom, no pan. A cat sleeps.",
    "A midnight blue dress in the noon sun",
    "A shop called Sunset at noon",
    "A night market at midnight, eye-level shot",
    "A pianist plays in an empty hall, no music besides the piano",
    "A clear sky after heavy rain, puddles",
    'A neon sign reads "BEAUTIFUL NOON AND MIDNIGHT", "make it longer"',
    "Mei says: “Don't show this to anyone. What a beautiful day!”",
    "A robot that does not show feelings. People who don't use phones.",
    "Constraints: avoid jump cuts, no zoom; one-take walk",
    "A 10-second video of a boat",
    "8 seconds later the door opens",
    "一只纸船漂过水洼，微距，柔和窗光",
    "镜头一：左摇。镜头二：镜头推进。",
    "镜头从正午的集市摇到午夜的广场",
    "从黎明到黄昏的城市，延时摄影",
    "固定镜头，没有推进，一只猫在睡觉",
    "火车缓慢推进，人群环绕广场",
    "雨后的晴空，地上有水洼",
    "她说：“真是绝美的一天！”",
    "霓虹招牌写着「正午与午夜」",
    "黄昏金光里的稻田，日落橙到紫",
    "10秒的视频，一条船",
    "避免：跳切。一镜到底穿过房子",
    "平视一个孩子的眼睛，他仰望天空",
    "A drone follows a cyclist along a coastal road, golden hour, 35 mm film",
    "Black and white cat on a red sofa",
    "Two dancers circle each other under a stage spotlight; slow motion",
    "Handheld, shoulder height, we follow a chef through a busy kitchen in one take",
    "An elephant made of glass walks on a beach, waves, gentle music",
    "The second hand of a clock, macro, ticking",
    "写实真人，奶奶在厨房包饺子，热气升起，暖光",
    "海边的灯塔，暴风雨，光束扫过",
    "A lesson: how a seed becomes a plant, paper cut-out animation, narrator voice-over",
    "城市夜景，霓虹，雨打窗，低保真节拍",
]  # fmt: skip


def test_every_text_rule_has_a_case() -> None:
    assert {code for code, _ in SURE} == set(RULES)


@pytest.mark.parametrize(("code", "text"), SURE)
def test_what_leaves_no_doubt_is_found(code: str, text: str) -> None:
    findings = check_text(text, TEN)
    assert [each.code for each in findings] == [code]
    for start, end in findings[0].spans:
        assert text[start:end].strip()


@pytest.mark.parametrize(("code", "text"), SURE)
def test_each_text_fix_mends_it_and_leaves_a_changed_text_alone(code: str, text: str) -> None:
    for fix in check_text(text, TEN)[0].text_fixes:
        assert code not in [each.code for each in check_text(fix.apply(text), TEN)]
        assert fix.apply("changed since") == "changed since"
        assert "{" not in fix.label.format(**fix.params)


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_prompts_are_left_in_peace(text: str) -> None:
    assert check_text(text, TEN) == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_of_fields_without_conflict_has_none(language: str) -> None:
    assert check_text(compose(QUAY, "zh" if language == "zh" else "en"), TEN) == ()


def test_the_documented_example_of_the_endpoint_is_judged_for_its_praise_alone() -> None:
    text = (
        "an astronaut golden retriever named Sora levitates around a space station. gorgeous specular lighting and "
        "comets fly through the sky, retro-future music plays in the background. the shot then changes. now inside the "
        "space station, many tennis balls are flying around. 35mm film, the details of the dog's hair are visible."
    )
    assert [each.code for each in check_text(text, TEN)] == ["praise"]


@pytest.mark.parametrize("picture", [(720, 1280), (1280, 720)])
def test_picture_and_length_are_checked_for_a_free_text_too(picture: tuple[int, int]) -> None:
    shape = "landscape" if picture[0] < picture[1] else "portrait"
    context = Context(max_chars=5, picture=picture, orientation=shape, takes_picture=False)
    codes = [each.code for each in check_text("A boat on a lake", context)]
    assert codes == ["picture_shape", "picture_unread", "text_too_long"]


@FEW
@given(st.text(max_size=300))
def test_no_text_breaks_the_checks(text: str) -> None:
    for finding in check_text(text, TEN):
        for fix in finding.text_fixes:
            assert isinstance(fix.apply(text), str)


def test_hostile_texts_are_checked_quickly() -> None:
    for piece in ("camera ", "no ", "镜头", "镜头缓缓", "do not show ", '"', "“", "- a: “", "9" * 3 + " "):
        assert isinstance(check_text(piece * 5_000, TEN), tuple)
