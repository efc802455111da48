"""What play-offs teach: only what came up more than once, only what is not said yet."""

from __future__ import annotations

from services.prompts.fields import Fields
from services.prompts.lessons import LOST_BY, Told, lessons, with_line

HANDS = Told(("hands",), ("anime",))
TEXT = Told(("text", "camera"), ("35 mm film",))


def ids(told: list[Told], **fields: object) -> list[str]:
    return [one.reason.id for one in lessons(told, Fields(**fields), "en")]  # type: ignore[arg-type]


def test_once_is_chance_and_twice_is_a_lesson() -> None:
    assert ids([HANDS]) == []
    assert ids([HANDS, HANDS]) == ["hands"]


def test_takes_of_the_same_look_are_asked_first_then_all() -> None:
    told = [HANDS, HANDS, TEXT, TEXT, TEXT]
    assert ids(told, looks=("anime",)) == ["hands"]
    assert ids(told, looks=("日式动画",)) == ["hands"]
    assert ids(told, looks=("watercolour",)) == ["text", "camera", "hands"]


def test_what_the_fields_say_already_is_not_offered() -> None:
    assert ids([HANDS, HANDS], avoid="crowds, Extra or fused fingers") == []
    assert ids([HANDS, HANDS], keep="双手五指清晰") == []


def test_lines_are_put_behind_what_is_there_in_either_language() -> None:
    fields = with_line(with_line(Fields(), "avoid", "crowds", "en"), "avoid", "garbled letters", "en")
    assert fields.avoid == "crowds, garbled letters"
    assert with_line(Fields(keep="脸，"), "keep", "外套", "zh").keep == "脸，外套"


def test_every_reason_has_both_lines_in_both_languages() -> None:
    assert len({line for reason in LOST_BY for side in (reason.keep, reason.avoid) for line in side.values()}) == 28
