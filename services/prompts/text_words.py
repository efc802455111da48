"""What a free text surely says about the camera, the hour and the sound. Pure.

Only camera language counts as a camera move: "she pans the gold" and "the train pushes in slowly" do not. What is in
quotes, or denied just before ("no pan left"), does not count either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from services.prompts.prose import unquoted

MANY_SHOTS: Final = re.compile(
    r"\b(?:shot|scene|clip|part|cut|frame|panel) ?(?:\d|one|two|three|four|[ab]\b)|\bcuts? to\b"
    r"|\b(?:next|new|second|first|another|final|last) (?:shot|scene)\b|\bshot (?:then )?changes\b"
    r"|\bmontage\b|\bstoryboard\b|\bintercut\b|\bsplit[- ]screen\b"
    r"|\[\d+(?:\.\d+)?s\]|\btransition(?:s|ing)? (?:to|into)\b"
    r"|镜头[一二三四五六1-9]|第[一二三四五六1-9]个?(?:镜头|幕|场)|分镜|切到|切至|切换|转场"
    r"|下一个镜头|蒙太奇|画面(?:一)?转|场景[一二三四1-9]|分屏",
    re.IGNORECASE,
)
CHANGES: Final = re.compile(
    r"\b(?:from|until|till|then|later|turn\w*|becom\w*|fad\w*|after\w*|before|time-?lapse|timelapse|dream\w*|memor\w*|"
    r"remember\w*|flash\w*|every|each|never|or|both|photo\w*|painting\w*|poster\w*|between|changes?|changing|shifts?)\b"
    r"|从|直到|变|渐|转|然后|后来|之后|之前|延时|回忆|梦|每|曾|照片|画着|或|直至|到了|接着",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"(?:(?:\b(?:no|not|without|never|avoid)|n['’]t)[ \t]+(?:[\w-]+[ ,\t]+){0,2}|无|不要?|没有?|避免|别)$",
    re.IGNORECASE,
)
_BEFORE: Final = 40  # characters in which a denial is looked for
_LABEL: Final = re.compile(
    r"^[ \t]*(?:constraints|avoid|negative(?: prompt)?|限制|避免|负面(?:提示词?)?)\s*[:：].*$",
    re.IGNORECASE | re.MULTILINE,
)

_EN_CAMERA: Final = r"\bcamera (?:\w+ly |then |now |starts to |begins to )*"
_ZH_CAMERA: Final = r"镜头(?:缓缓|缓慢|慢慢|快速|轻轻|平稳|先|再|地|开始|向前|向后){0,3}"
MOVES: Final = {
    "push": rf"\bpush-in\b|{_EN_CAMERA}push(?:es|ing)? (?:in|forward)|\bdolly in\b|{_EN_CAMERA}dollies in"
    rf"|{_ZH_CAMERA}推(?:进|近)",
    "pull": rf"\bpull-back\b|{_EN_CAMERA}pull(?:s|ing)? (?:back|out|away)|\bdolly out\b|{_ZH_CAMERA}(?:拉远|后拉|拉开)",
    "pan": rf"\bwhip pan\b|{_EN_CAMERA}pan(?:s|ning)?\b|{_ZH_CAMERA}(?:左摇|右摇|横摇|摇向)",
    "tilt": rf"{_EN_CAMERA}tilt(?:s|ing)?\b|{_ZH_CAMERA}(?:上摇|下摇)",
    "orbit": rf"{_EN_CAMERA}(?:orbit(?:s|ing)?|circl(?:es|ing))\b|{_ZH_CAMERA}环绕",
    "zoom": rf"\bcrash zoom\b|\bdolly zoom\b|{_EN_CAMERA}zoom(?:s|ing)? (?:in|out)|{_ZH_CAMERA}变焦",
    "crane": rf"\bcrane shot\b|{_EN_CAMERA}(?:cranes?|craning) (?:up|down)|{_ZH_CAMERA}(?:升起|升高|下降)",
    "track": rf"\btracking shot\b|{_EN_CAMERA}(?:track(?:s|ing)|follow(?:s|ing))\b|{_ZH_CAMERA}(?:跟随|跟拍|跟着)",
}  # fmt: skip
WORDS: Final = {
    "static": r"\b(?:static|locked[- ]off|fixed) (?:camera|shot)\b|\bcamera (?:is|stays|remains|holds) "
    r"(?:completely |perfectly )?(?:still|static|fixed|locked)|固定(?:机位|镜头)|镜头(?:保持)?(?:不动|固定)",
    "top_down": r"\btop-down (?:shot|view|angle)|\bbird['’]s[- ]eye (?:view|shot)|\boverhead (?:shot|view)\b"
    r"|正俯视|俯拍",
    "eye_level": r"\b(?:at|from) eye[- ]level\b|\beye[- ]level (?:shot|camera|angle|view)|平视(?:镜头|角度|机位|拍摄)",
    "shallow": r"\bshallow (?:depth of field|focus)\b|浅景深",
    "deep": r"\bdeep focus\b|\bdeep depth of field\b|大景深|深焦",
    "one_take": r"\bone[- ]take\b|\bsingle (?:continuous )?take\b|\bsingle continuous shot\b|一镜到底",
    "cuts": r"\bmontage\b|\b(?:jump|hard|quick|fast|smash) cuts?\b|\bcuts? to\b|蒙太奇|跳切|硬切|快速剪辑|切到|切至",
    "no_music": r"\bno music\b|\bwithout music\b|无配乐|没有音乐|不要音乐|无音乐",
    "music": r"\bsolo piano\b|\bstring swell\b|\blo-fi beat\b|\btaiko drums\b|\b(?:orchestral|background|upbeat|piano)"
    r" music\b|钢琴独奏|背景音乐|配乐响起|欢快的音乐|弦乐渐强",
    "no_speech": r"\bno (?:speech|dialogue|dialog|talking)\b|\bnobody (?:speaks|talks)\b"
    r"|无对白|无人声|没有对白|没有台词",
    "speech": r"^[ \t]*(?:dialogue|对白|台词)[ \t]*[:：]",
    "clear": r"\b(?:clear|cloudless) (?:blue )?sky\b|晴空|万里无云",
    "rain": r"\b(?:heavy|pouring|torrential) rain\b|\bdownpour\b|暴雨|倾盆大雨|大雨(?!过后|后)",
    "time_lapse": r"\btime-?lapse\b|延时摄影",
    "slow_motion": r"\bslow[- ]motion\b|慢动作|慢镜头",
}
HOURS: Final = {
    "noon": r"\bat (?:noon|midday)\b|正午|中午",
    "midnight": r"\bat midnight\b|午夜",
    "dawn": r"\bat dawn\b|黎明(?!前)",
    "dusk": r"\bat dusk\b|黄昏(?!金)",
    "sunrise": r"\bat sunrise\b|日出(?![橙红])",
    "sunset": r"\bat sunset\b|日落(?![橙红])",
}
MOONLIGHT: Final = r"\b(?:in|under|by) (?:the )?moonlight\b|月光下"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text says something: what it is called above, and from where to where."""

    name: str
    start: int
    end: int


def _compiled(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE | re.MULTILINE) for name, pattern in table.items()}


_MOVES, _WORDS, _HOURS = _compiled(MOVES), _compiled(WORDS), _compiled(HOURS)
_MOONLIGHT: Final = re.compile(MOONLIGHT, re.IGNORECASE)


def judged(text: str) -> str:
    """Return the part of a text that is judged: quotes and lines of what to avoid are blanked, places stay."""
    return _LABEL.sub(lambda found: " " * len(found[0]), unquoted(text))


def moves(text: str) -> list[Spot]:
    """Return the camera moves of a judged text, in order.

    >>> [spot.name for spot in moves("The camera slowly pans left. No push-in. She pans for gold.")]
    ['pan']
    """
    return sorted((spot for name, pattern in _MOVES.items() for spot in _spots(name, pattern, text)), key=_place)


def says(text: str, name: str) -> list[Spot]:
    """Return where a judged text says one of `WORDS`."""
    return list(_spots(name, _WORDS[name], text, deny=not name.startswith("no_")))


def hours(text: str) -> list[Spot]:
    """Return the hours of the day that a judged text surely names, moonlight among them, in order."""
    found = [spot for name, pattern in _HOURS.items() for spot in _spots(name, pattern, text)]
    return sorted([*found, *_spots("moonlight", _MOONLIGHT, text)], key=_place)


def _spots(name: str, pattern: re.Pattern[str], text: str, *, deny: bool = True) -> list[Spot]:
    found = pattern.finditer(text)
    return [
        Spot(name, *each.span())
        for each in found
        if not (deny and _DENIED.search(text[max(0, each.start() - _BEFORE) : each.start()]))
    ]


def _place(spot: Spot) -> int:
    return spot.start
