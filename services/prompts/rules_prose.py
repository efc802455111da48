"""Prose that carries no picture: praise, orders not to, lengths. Quoted words are never judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from services.prompts import prose
from services.prompts.fields import Fields
from services.prompts.findings import TAKE_OUT, Context, Finding, Fix, Rule, Weight
from services.prompts.marks import N_

PRAISE: Final = N_("Praise shows nothing: {words}. Say what one could see instead.")
NEGATIVES: Final = N_("Models often show what they are told not to: {words}. Say what should be there instead.")
LONGER: Final = N_("Length is asked for with the seconds, not in the text: {words}.")
LENGTH: Final = N_("The text says {words}, and {seconds} s are asked for.")
TO_AVOID: Final = N_("Move it to Avoid")


def praise(fields: Fields, _: Context) -> Finding | None:
    """Praise tells no picture: not "beautiful street" but wet road, crossing, neon."""
    words = _words(fields, prose.PRAISE)
    fix = Fix(TAKE_OUT, {"word": words}, lambda old: _mapped(old, lambda text: _cut(text, prose.PRAISE)))
    return _finding("praise", PRAISE, words, fix, "hint")


def negatives(fields: Fields, _: Context) -> Finding | None:
    """Orders about what not to show, in the scene itself."""
    words = _words(fields, prose.NEGATIVE)
    return _finding("negatives", NEGATIVES, words, Fix(TO_AVOID, {}, _moved_to_avoid), "hint")


def longer_in_prose(fields: Fields, _: Context) -> Finding | None:
    """Asking for more or less length in prose: no model reads it there."""
    words = _words(fields, prose.LONGER)
    fix = Fix(TAKE_OUT, {"word": words}, lambda old: _mapped(old, lambda text: _cut(text, prose.LONGER)))
    return _finding("longer_in_prose", LONGER, words, fix, "hint")


def length_in_prose(fields: Fields, context: Context) -> Finding | None:
    """Another length in prose than the one asked for."""
    said = [phrase for text in _texts(fields) for phrase in other_lengths(text, context.seconds)]
    if not said:
        return None
    words = ", ".join(dict.fromkeys(said))
    fix = Fix(TAKE_OUT, {"word": words}, lambda old: _mapped(old, lambda text: _cut(text, prose.LENGTH)))
    found = _finding("length_in_prose", LENGTH, words, fix, "conflict")
    return replace(found, params={"words": words, "seconds": f"{context.seconds:g}"}) if found else None


def other_lengths(text: str, seconds: float | None) -> list[str]:
    """Return what a text says about the clip's length that is not `seconds`; nothing while that is unknown.

    >>> other_lengths("A 15-second video of a boat", 10), other_lengths("5秒短片", None)
    (['15-second video'], [])
    """
    if seconds is None:
        return []
    found = prose.LENGTH.finditer(prose.unquoted(text))
    return [each[0] for each in found if float(each["en"] or each["zh"]) != seconds]


def _finding(code: str, sentence: str, words: str, fix: Fix, weight: Weight) -> Finding | None:
    if not words:
        return None
    return Finding(code, sentence, {"words": words}, ("place", "beats"), (fix,), weight=weight)


def _texts(fields: Fields) -> tuple[str, ...]:
    return (fields.place.text, *(beat.text for beat in fields.beats))


def _words(fields: Fields, pattern: re.Pattern[str]) -> str:
    listed = (prose.quoted(text, prose.spans(pattern, text)) for text in _texts(fields))
    return ", ".join(dict.fromkeys(each for each in listed if each))


def _cut(text: str, pattern: re.Pattern[str]) -> str:
    return prose.cut(text, prose.spans(pattern, text))


def _mapped(fields: Fields, change: Callable[[str], str]) -> Fields:
    beats = tuple(replace(beat, text=change(beat.text)) for beat in fields.beats)
    return replace(fields, place=replace(fields.place, text=change(fields.place.text)), beats=beats)


_ORDER: Final = re.compile(
    r"^(?:please )?(?:do not|don['’]t|never) (?:show|include|add|use|put|display)\s*"
    r"|^(?:请勿|不要|禁止)(?:出现|显示|加入|添加|使用)",
    re.IGNORECASE,
)


def _moved_to_avoid(fields: Fields) -> Fields:
    moved = [fields.avoid.strip()]
    for text in _texts(fields):
        for start, end in prose.spans(prose.NEGATIVE, text):
            moved.append(_ORDER.sub("", text[start:end].strip()).strip(" .;!?。；！？，"))
    cleared = _mapped(fields, lambda text: _cut(text, prose.NEGATIVE))
    return replace(cleared, avoid=", ".join(each for each in moved if each))


RULES: Final[tuple[Rule, ...]] = (praise, negatives, longer_in_prose, length_in_prose)
