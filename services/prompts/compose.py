"""Fields to the exact text that is sent, in English or Chinese. Pure and stable: equal fields give equal text.

The order is that of the published guides (PRODUCT.md, 4): continuity, style, the plain scene, camera, actions as beats,
dialogue, sound, words on screen, constraints. An empty field leaves no trace. Vocabulary is translated by dictionary;
a person's own words are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.prompts.fields import Beat, Fields, Line, Person
from services.prompts.vocabulary import Language, say


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How a language labels and joins."""

    colon: str
    comma: str
    semicolon: str
    stop: str
    quotes: tuple[str, str]
    brackets: tuple[str, str]
    seconds: str
    labels: dict[str, str]


_TONGUES: Final[dict[Language, _Tongue]] = {
    "en": _Tongue(
        ": ", ", ", "; ", ".", ('"', '"'), (" (", ")"), "{} s",
        {
            "style": "Style", "shot": "Camera shot", "lens": "Lens", "light": "Lighting", "palette": "Palette",
            "mood": "Mood", "pace": "Pace", "actions": "Actions", "dialogue": "Dialogue", "sound": "Background sound",
            "text": "Text (verbatim)", "constraints": "Constraints", "keep": "Keep", "avoid": "Avoid",
            "remix": "Keep everything else exactly as it is; change only this",
        },
    ),
    "zh": _Tongue(
        "：", "，", "；", "。", ("“", "”"), ("（", "）"), "{}秒",
        {
            "style": "风格", "shot": "镜头", "lens": "镜头与焦点", "light": "光线", "palette": "色彩",
            "mood": "氛围", "pace": "节奏", "actions": "动作", "dialogue": "对白", "sound": "背景声音",
            "text": "画面文字（逐字照写）", "constraints": "限制", "keep": "保持", "avoid": "避免",
            "remix": "其余一切保持原样，只改这一处",
        },
    ),
}  # fmt: skip
_PACES: Final = {"slow": {"en": "slow", "zh": "缓慢"}, "fast": {"en": "fast", "zh": "快速"}}
_ENDS: Final = '.!?。！？…"”」'


@lru_cache(maxsize=64)  # a page asks for the same several times a run
def compose(fields: Fields, language: Language) -> str:
    """Return the text of the fields; empty for empty fields.

    >>> from services.prompts.fields import Place
    >>> print(compose(Fields(looks=("35 mm film",), place=Place("A quay", ("dawn",)), moves=("slow push-in",)), "en"))
    Style: 35 mm film
    <BLANKLINE>
    A quay, dawn.
    <BLANKLINE>
    Camera shot: slow push-in
    >>> print(compose(Fields(mood=("calm", "like home")), "zh"))
    氛围：平静，like home
    """
    blocks = ("\n".join(line for line in part(fields, language) if line) for part in _PARTS)
    return "\n\n".join(block for block in blocks if block)


def seconds_said(seconds: float, language: Language) -> str:
    """Return a length as prompts say it.

    >>> seconds_said(2.0, "en"), seconds_said(1.5, "zh")
    ('2 s', '1.5秒')
    """
    return _TONGUES[language].seconds.format(f"{seconds:g}")


def sentence(text: str, language: Language) -> str:
    """Return a person's text with a full stop, unless it ends with a sign of its own.

    >>> sentence("A quay", "en"), sentence("Wait!", "en"), sentence("码头", "zh"), sentence(" ", "en")
    ('A quay.', 'Wait!', '码头。', '')
    """
    text = text.strip()
    return text if not text or text[-1] in _ENDS else text + _TONGUES[language].stop


def person_said(person: Person, language: Language) -> str:
    """Return a member of the cast: the name and the very same words each time."""
    tongue = _TONGUES[language]
    traits = tongue.comma.join(_said(person.traits))
    return sentence(tongue.colon.join(_said((person.name, traits))), language)


def _top(fields: Fields, language: Language) -> Iterable[str]:
    yield fields.continuity.strip()
    yield _labelled("remix", [fields.remix], language)


def _style(fields: Fields, language: Language) -> Iterable[str]:
    yield _labelled("style", _words(fields.looks, language, "style"), language)


def _scene(fields: Fields, language: Language) -> Iterable[str]:
    place = fields.place
    when = _words(place.times + place.weather, language, "time_weather_air")
    text = place.text.strip()
    ended = text[-1:] in _ENDS if text else False
    if ended and when:
        yield text
        yield sentence(_TONGUES[language].comma.join(when), language)
    else:
        yield sentence(_TONGUES[language].comma.join(_said((text, *when))), language)
    yield from (person_said(person, language) for person in fields.cast)


def _camera(fields: Fields, language: Language) -> Iterable[str]:
    seen = _words(fields.shots + fields.angles, language, "shot_types")
    yield _labelled("shot", [*seen, *_moves(fields, language)], language)
    yield _labelled("lens", _words(fields.lens, language, "lens_and_focus"), language)
    yield _labelled("light", _words(fields.light, language, "lighting"), language)
    yield _labelled("palette", [_colour(each, language) for each in fields.palette], language)
    yield _labelled("mood", _words(fields.mood, language, "mood"), language)


def _moves(fields: Fields, language: Language) -> list[str]:
    moves = _words(fields.moves, language, "camera_moves")
    pace = _PACES.get(fields.move_pace, {}).get(language, "")
    if not pace or not moves or any(said in move for move in moves for said in (pace, *_SPEEDS)):
        return moves
    return [f"{pace} {moves[0]}" if language == "en" else f"{pace}{moves[0]}", *moves[1:]]


_SPEEDS: Final = ("slow", "fast", "static", "缓慢", "快速", "固定")


def _colour(value: str, language: Language) -> str:
    said = say(value, language, "palette")
    return say(value, language, "colours") if said == value.strip() else said


def _actions(fields: Fields, language: Language) -> Iterable[str]:
    yield _labelled("pace", _words(fields.pace, language, "pace_and_cuts"), language)
    beats = [beat for beat in fields.beats if beat.text.strip()]
    yield from _listed("actions", _timed(beats, language), language)


def _timed(beats: Sequence[Beat], language: Language) -> list[str]:
    """Return the beats as clock times when all have seconds, else with their own seconds where there are any."""
    tongue, start, said = _TONGUES[language], 0.0, []
    clocked = all(beat.seconds for beat in beats)
    for beat in beats:
        text = sentence(beat.text, language)
        if beat.seconds and clocked:
            end = start + beat.seconds
            text = tongue.seconds.format(f"{start:g}–{end:g}") + tongue.colon + text
            start = end
        elif beat.seconds:
            text = seconds_said(beat.seconds, language) + tongue.colon + text
        said.append(text)
    return said


def _dialogue(fields: Fields, language: Language) -> Iterable[str]:
    yield from _listed("dialogue", [_line(line, language) for line in fields.dialogue if line.words.strip()], language)


def _line(line: Line, language: Language) -> str:
    tongue = _TONGUES[language]
    opening, closing = tongue.quotes
    manner = say(line.manner, language, "manner")
    who = line.speaker.strip() + (manner.join(tongue.brackets) if manner else "")
    quoted = opening + line.words.strip() + closing
    return tongue.colon.join(_said((who.strip(), quoted)))


def _sound(fields: Fields, language: Language) -> Iterable[str]:
    yield _labelled("sound", _words(fields.sound.all, language, "audio"), language)


def _text(fields: Fields, language: Language) -> Iterable[str]:
    opening, closing = _TONGUES[language].quotes
    yield _labelled("text", [opening + each + closing for each in _said(fields.on_screen)], language)


def _constraints(fields: Fields, language: Language) -> Iterable[str]:
    tongue = _TONGUES[language]
    kept = _labelled("keep", [fields.keep], language)
    avoided = _labelled("avoid", [fields.avoid], language)
    both = tongue.semicolon.join(each for each in (kept, avoided) if each)
    yield _labelled("constraints", [both], language)


_PARTS: Final[tuple[Callable[[Fields, Language], Iterable[str]], ...]] = (
    _top, _style, _scene, _camera, _actions, _dialogue, _sound, _text, _constraints,
)  # fmt: skip


def _said(values: Iterable[str]) -> list[str]:
    return [value.strip() for value in values if value.strip()]


def _words(values: Iterable[str], language: Language, name: str) -> list[str]:
    return [say(value, language, name) for value in _said(values)]


def _labelled(label: str, values: Sequence[str], language: Language) -> str:
    tongue = _TONGUES[language]
    said = tongue.comma.join(_said(values))
    return tongue.labels[label] + tongue.colon + said if said else ""


def _listed(label: str, lines: Sequence[str], language: Language) -> Iterable[str]:
    if lines:
        yield _TONGUES[language].labels[label] + _TONGUES[language].colon.strip()
        yield from (f"- {line}" for line in lines)
