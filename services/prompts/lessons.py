"""What a play-off teaches: why takes lost, as lines for "keep" and "avoid". Source: PRODUCT.md, delight 8. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from services.prompts.fields import Fields
from services.prompts.marks import N_
from services.prompts.vocabulary import Language, key

Side = Literal["keep", "avoid"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is often wrong: its name, and what to say for it or against it in either language."""

    id: str
    label: str
    keep: dict[Language, str]
    avoid: dict[Language, str]


LOST_BY: Final = (
    Reason(
        "hands",
        N_("Hands"),
        {"en": "hands with five clear fingers", "zh": "双手五指清晰"},
        {"en": "extra or fused fingers", "zh": "多余或粘连的手指"},
    ),
    Reason(
        "text",
        N_("Letters"),
        {"en": "letters exactly as written", "zh": "文字逐字准确"},
        {"en": "garbled letters", "zh": "乱码文字"},
    ),
    Reason(
        "camera",
        N_("Camera"),
        {"en": "one steady camera move", "zh": "单一平稳的运镜"},
        {"en": "sudden camera jumps", "zh": "镜头突然跳动"},
    ),
    Reason(
        "sound",
        N_("Sound"),
        {"en": "clear sound that fits the picture", "zh": "声音清晰、与画面一致"},
        {"en": "muddled voices and noise", "zh": "含混的人声和杂音"},
    ),
    Reason(
        "identity",
        N_("Faces and things change"),
        {"en": "the same face and clothes throughout", "zh": "始终同一张脸、同一身衣服"},
        {"en": "faces that change", "zh": "面容变化"},
    ),
    Reason(
        "motion",
        N_("Motion"),
        {"en": "natural motion with weight", "zh": "动作自然、有重量感"},
        {"en": "jerky or impossible motion", "zh": "生硬或不可能的动作"},
    ),
    Reason(
        "story",
        N_("Not what was asked"),
        {"en": "every step in the order written", "zh": "按所写顺序完成每一步"},
        {"en": "steps left out", "zh": "遗漏步骤"},
    ),
)
IDS: Final = tuple(reason.id for reason in LOST_BY)
LEAST: Final = 2
"""Times a reason must have been given before it is a lesson: once is chance."""
MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One take that lost: why, and the looks it was asked to have."""

    reasons: tuple[str, ...]
    looks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A reason that came up `count` times, and its two lines. `of_looks`: counted among takes of the same looks."""

    reason: Reason
    count: int
    keep: str
    avoid: str
    of_looks: bool


def lessons(told: Sequence[Told], fields: Fields, language: Language) -> tuple[Lesson, ...]:
    """Return what these fields do not say yet, the commonest first; of their own looks where that is enough.

    >>> said = [Told(("hands",), ("anime",)), Told(("hands", "text"), ("anime",))]
    >>> [(one.reason.id, one.count, one.avoid) for one in lessons(said, Fields(looks=("anime",)), "en")]
    [('hands', 2, 'extra or fused fingers')]
    """
    looks = {key(look, "style") for look in fields.looks}
    alike = [one for one in told if looks & {key(look, "style") for look in one.looks}]
    for of_looks, among in ((True, alike), (False, told)):
        counted = Counter(reason for one in among for reason in one.reasons)
        found = tuple(
            Lesson(reason, counted[reason.id], reason.keep[language], reason.avoid[language], of_looks)
            for reason in sorted(LOST_BY, key=lambda one: -counted[one.id])
            if counted[reason.id] >= LEAST and not _said(reason, fields)
        )
        if found:
            return found[:MOST]
    return ()


def with_line(fields: Fields, side: Side, line: str, language: Language) -> Fields:
    """Return the fields with one more line of what to keep or avoid.

    >>> with_line(Fields(keep="the face "), "keep", "the coat", "en").keep
    'the face, the coat'
    """
    before = fields.keep if side == "keep" else fields.avoid
    comma = "，" if language == "zh" else ", "
    after = comma.join(part for part in (before.strip(" ,，"), line) if part)
    return replace(fields, keep=after) if side == "keep" else replace(fields, avoid=after)


def _said(reason: Reason, fields: Fields) -> bool:
    lines = (*reason.keep.values(), *reason.avoid.values())
    both = f"{fields.keep}\n{fields.avoid}".casefold()
    return any(line.casefold() in both for line in lines)
