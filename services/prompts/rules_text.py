"""Conflicts in a free text: the same rules as for the fields, where the words leave no doubt. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from services.prompts import prose, rules_prose, text_words
from services.prompts.beat_clock import TOLERANCE_SECONDS, speech_seconds
from services.prompts.findings import TAKE_OUT, Context, Finding, TextFix, Weight
from services.prompts.hours import LIGHT_HOURS, TIME_HOURS, overlap
from services.prompts.marks import N_
from services.prompts.text_words import Spot

_HOURS: Final = {**TIME_HOURS, "moonlight": LIGHT_HOURS["moonlight"]}
_LINE: Final = re.compile(r"^[ \t]*- .{0,60}?[:：] ?[\"“「](?P<words>[^\"”」\n]+)[\"”」]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text, the part of it that is judged, and whether it is surely one shot."""

    text: str
    judged: str
    one_shot: bool
    steady: bool


TextRule = Callable[[_Read, Context], Finding | None]


def findings(text: str, context: Context) -> tuple[Finding, ...]:
    """Return what a free text surely gets wrong."""
    judged = text_words.judged(text)
    one_shot = not text_words.MANY_SHOTS.search(judged)
    read = _Read(text, judged, one_shot, one_shot and not text_words.CHANGES.search(judged))
    found = (rule(read, context) for rule in RULES.values())
    return tuple(each for each in found if each)


def _many_moves(read: _Read, _: Context) -> Finding | None:
    spots = text_words.moves(read.judged) if read.one_shot else []
    if len({spot.name for spot in spots}) < 2:
        return None
    sentence = N_("One shot obeys one camera move; this text asks for {words}.")
    return _finding("many_moves", sentence, read.text, [[spot] for spot in _first_each(spots)])


def _static_and_move(read: _Read, _: Context) -> Finding | None:
    moves = [spot for spot in text_words.moves(read.judged) if spot.name != "zoom"]
    return _pair(
        read, "static_and_move", N_("The camera cannot stand still and do this: {words}."),
        text_words.says(read.judged, "static"), moves,
    )  # fmt: skip


def _two_times(read: _Read, _: Context) -> Finding | None:
    spots = _first_each(text_words.hours(read.judged)) if read.steady else []
    apart = [pair for pair in combinations(spots, 2) if not overlap(_HOURS[pair[0].name], _HOURS[pair[1].name])]
    if not apart:
        return None
    sentence = N_("A shot has one time of day; this text has {words}.")
    return _finding("two_times", sentence, read.text, [[spot] for spot in apart[0]])


def _of_words(code: str, sentence: str, one: str, other: str, *, when: str = "one_shot") -> TextRule:
    def rule(read: _Read, _: Context) -> Finding | None:
        if when and not getattr(read, when):
            return None
        return _pair_anywhere(
            read, code, sentence, text_words.says(read.judged, one), text_words.says(read.judged, other)
        )

    return rule


def _pair(read: _Read, code: str, sentence: str, one: list[Spot], other: list[Spot]) -> Finding | None:
    return _pair_anywhere(read, code, sentence, one, other) if read.one_shot else None


def _pair_anywhere(read: _Read, code: str, sentence: str, one: list[Spot], other: list[Spot]) -> Finding | None:
    return _finding(code, sentence, read.text, [one, other]) if one and other else None


def _prose(code: str, sentence: str, pattern: re.Pattern[str]) -> TextRule:
    def rule(read: _Read, _: Context) -> Finding | None:
        spots = [Spot(code, *found.span()) for found in pattern.finditer(read.judged) if found[0].strip()]
        return _finding(code, sentence, read.text, [spots], "hint") if spots else None

    return rule


def _length(read: _Read, context: Context) -> Finding | None:
    said = rules_prose.other_lengths(read.judged, context.seconds)
    if not said:
        return None
    spots = [Spot("length", *each.span()) for each in prose.LENGTH.finditer(read.judged) if each[0] in said]
    found = _finding("length_in_prose", rules_prose.LENGTH, read.text, [spots])
    params = {**found.params, "seconds": f"{context.seconds:g}"}
    return Finding(found.code, found.sentence, params, text_fixes=found.text_fixes, spans=found.spans)


def _speech(read: _Read, context: Context) -> Finding | None:
    """Lines of a dialogue block as `compose` writes it; other quotes may be anything."""
    needed = sum(speech_seconds(found["words"], context.rates) for found in _LINE.finditer(read.text))
    if context.seconds is None or needed <= context.seconds + TOLERANCE_SECONDS:
        return None
    return Finding(
        "speech_too_long",
        N_("The spoken lines need {needed} s; the clip is {seconds} s."),
        {"needed": str(math.ceil(needed)), "seconds": f"{context.seconds:g}"},
        spans=tuple(found.span() for found in _LINE.finditer(read.text)),
    )


def _first_each(spots: Iterable[Spot]) -> list[Spot]:
    first: dict[str, Spot] = {}
    for spot in spots:
        first.setdefault(spot.name, spot)
    return list(first.values())


def _finding(code: str, sentence: str, text: str, groups: list[list[Spot]], weight: Weight = "conflict") -> Finding:
    """Return a finding with one fix a group: take out all of its places."""
    spans = tuple((spot.start, spot.end) for group in groups for spot in group)
    fixes = tuple(_cutting(text, [(spot.start, spot.end) for spot in group]) for group in groups)
    return Finding(code, sentence, {"words": prose.quoted(text, spans)}, text_fixes=fixes, spans=spans, weight=weight)


def _cutting(text: str, spans: list[tuple[int, int]]) -> TextFix:
    """Return the fix that cuts places; a text that changed since is left alone."""
    return TextFix(
        TAKE_OUT, {"word": prose.quoted(text, spans)}, lambda now: prose.cut(now, spans) if now == text else now
    )


RULES: Final[dict[str, TextRule]] = {
    "many_moves": _many_moves,
    "static_and_move": _static_and_move,
    "two_times": _two_times,
    "angles_apart": _of_words(
        "angles_apart", N_("The camera cannot be at two heights at once: {words}."), "top_down", "eye_level"
    ),
    "shallow_and_deep": _of_words(
        "shallow_and_deep", N_("Either only the subject is sharp or everything is: {words}."), "shallow", "deep"
    ),
    "one_take_and_cuts": _of_words(
        "one_take_and_cuts", N_("A film in one take has no cuts: {words}."), "one_take", "cuts", when=""
    ),
    "music_and_none": _of_words(
        "music_and_none", N_("It says there is no music, and it asks for {words}."), "no_music", "music"
    ),
    "speech_and_none": _of_words(
        "speech_and_none", N_("It says nobody speaks, and there are spoken lines."), "no_speech", "speech"
    ),
    "weather_apart": _of_words(
        "weather_apart", N_("This weather cannot be at once: {words}."), "clear", "rain", when="steady"
    ),
    "speeds_apart": _of_words(
        "speeds_apart", N_("Time runs at one speed in a shot: {words}."), "time_lapse", "slow_motion"
    ),
    "praise": _prose("praise", rules_prose.PRAISE, prose.PRAISE),
    "negatives": _prose("negatives", rules_prose.NEGATIVES, prose.NEGATIVE),
    "longer_in_prose": _prose("longer_in_prose", rules_prose.LONGER, prose.LONGER),
    "length_in_prose": _length,
    "speech_too_long": _speech,
}
