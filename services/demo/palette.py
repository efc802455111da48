"""What a prompt asks for in colours, things and camera moves, as far as the demo can draw them."""

from __future__ import annotations

import colorsys
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

Colour = tuple[int, int, int]

COLOURS: tuple[tuple[str, Colour], ...] = (
    (r"red|crimson|scarlet|vermilion|红|朱", (214, 52, 48)),
    (r"orange|terracotta|rust|橙|锈|陶", (232, 126, 48)),
    (r"yellow|gold|golden|lemon|mustard|amber|黄|金|琥珀", (236, 190, 66)),
    (r"green|forest|moss|olive|emerald|mint|绿|森林|苔|翡翠|竹", (62, 150, 84)),
    (r"teal|cyan|turquoise|青", (44, 164, 172)),
    (r"blue|navy|cobalt|azure|蓝", (50, 98, 206)),
    (r"purple|violet|lavender|紫|薰衣草", (134, 82, 190)),
    (r"pink|magenta|rose|blush|peach|粉|洋红|桃", (230, 110, 160)),
    (r"brown|walnut|sepia|tan|earth|棕|褐|胡桃", (132, 90, 58)),
    (r"white|ivory|cream|silver|白|象牙|奶油|银", (228, 228, 226)),
    (r"black|charcoal|ink|黑|墨|炭", (44, 46, 54)),
    (r"gr[ea]y|slate|monochrome|灰", (130, 134, 142)),
)
THINGS: tuple[tuple[str, str], ...] = (
    ("stars", r"stars?|starlight|night|midnight|星|夜"),
    ("sea", r"sea|ocean|waves?|lake|river|puddle|lighthouse|海|湖|河|浪|水洼"),
    ("city", r"city|street|skyline|neon|tokyo|城|街|霓虹"),
    ("boat", r"boats?|ships?|sail(?:ing)?|船|舟"),
    ("dog", r"dogs?|puppy|cats?|kitten|fox|狗|犬|猫"),
    ("fire", r"fires?|campfire|embers?|flames?|candle|火|焰|烛"),
    ("rain", r"rain(?:y|ing)?|drizzle|storm|雨"),
    ("snow", r"snow(?:y|fall|ing)?|blizzard|雪"),
)
SKIES: tuple[tuple[str, tuple[Colour, ...], float], ...] = (
    (r"midnight|night|moonlight|夜", ((14, 20, 52), (38, 48, 104), (60, 62, 120)), 0.6),
    (r"dusk|sunset|golden hour|黄昏|日落|暮", ((70, 52, 122), (224, 104, 92), (250, 180, 100)), 0.9),
    (r"dawn|sunrise|morning|黎明|日出|清晨", ((120, 160, 214), (246, 190, 176), (252, 220, 170)), 1.0),
    (r"snow|winter|雪|冬", ((140, 166, 200), (196, 212, 230), (222, 230, 240)), 1.0),
    (r"sea|ocean|lake|海|湖", ((110, 176, 222), (150, 206, 226), (40, 120, 168)), 1.0),
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a film looks: gradient stops from top to bottom, brightness at both ends, things, camera."""

    colours: tuple[Colour, ...]
    top: float
    bottom: float
    things: tuple[str, ...]
    move: Callable[[float], tuple[float, float, float]]


def look_of(prompt: str) -> Look:
    """Read a prompt. Colour words win over the time of day, and that over a colour of the text's own."""
    named = _named(prompt)
    sky = next(((tones, light) for words, tones, light in SKIES if _has(words, prompt)), None)
    light = sky[1] if sky else 1.0
    if named:
        colours = tuple(named[:4]) if len(named) > 1 else (named[0], _towards(named[0], 1.12), _towards(named[0], 0.85))
    else:
        colours = sky[0] if sky else _own(prompt)
    light = max(0.7, light) if named else 1.0
    things = tuple(thing for thing, words in THINGS if _has(words, prompt))
    return Look(colours, light * 0.92, light, things, _move(prompt))


def _has(words: str, prompt: str) -> bool:
    latin = "|".join(word for word in words.split("|") if word.isascii())
    wide = "|".join(word for word in words.split("|") if not word.isascii())
    found = re.search(rf"\b(?:{latin})\b", prompt, re.IGNORECASE)
    return bool(found or (wide and re.search(wide, prompt)))


def _named(prompt: str) -> list[Colour]:
    return [colour for words, colour in COLOURS if _has(words, prompt)]


def _towards(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, int(part * factor)) for part in colour)
    return red, green, blue


def _own(prompt: str) -> tuple[Colour, ...]:
    digest = hashlib.sha256(prompt.encode("utf-8", "replace")).digest()
    hue = digest[0] / 256

    def tone(turn: float, value: float) -> Colour:
        red, green, blue = colorsys.hsv_to_rgb((hue + turn) % 1, 0.55, value)
        return int(red * 255), int(green * 255), int(blue * 255)

    return tone(0, 0.55), tone(0.08, 0.8), tone(0.16, 0.92)


def _move(prompt: str) -> Callable[[float], tuple[float, float, float]]:
    """Return at -> (across, down, zoom); 0 to 1 within the larger backdrop, zoom 1 shows all of it."""
    moves: tuple[tuple[str, Callable[[float], tuple[float, float, float]]], ...] = (
        (r"static|locked|固定", lambda at: (0.5, 0.5, 1.25)),
        (r"push|dolly in|zoom in|push-in|推", lambda at: (0.55, 0.5, 1.02 + at * 0.6)),
        (r"pull|zoom out|pull-back|拉", lambda at: (0.55, 0.5, 1.62 - at * 0.6)),
        (r"tilt|crane|升|上摇|下摇", lambda at: (0.5, 1 - at, 1.3)),
        (r"pan left|左摇|左移", lambda at: (1 - at, 0.5, 1.3)),
        (r"pan|tracking|orbit|右摇|右移|跟拍|环绕", lambda at: (at, 0.5, 1.3)),
    )
    return next(
        (move for words, move in moves if _has(words, prompt)), lambda at: (0.4 + at * 0.2, 0.5, 1.15 + at * 0.06)
    )
