"""Conflicts of the scene: hours, weather, light, colour, speed, sound, words on screen."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import Final

from services.prompts.fields import Fields
from services.prompts.findings import TAKE_OUT, Context, Finding, Fix, Rule, keep_one, keys, said, take_out, with_part
from services.prompts.hours import LIGHT_HOURS, TIME_HOURS, overlap
from services.prompts.marks import N_
from services.prompts.vocabulary import find, words

TIMES: Final = "place.times"
WEATHER: Final = "place.weather"
_WET: Final = ("drizzle", "heavy rain", "storm", "lightning", "snowfall", "blizzard", "hail")
_WEATHER_APART: Final = frozenset(
    {frozenset({"clear sky", other}) for other in (*_WET, "overcast", "sandstorm")}
    | {frozenset({"drizzle", "heavy rain"}), frozenset({"snowfall", "heat haze"}), frozenset({"blizzard", "heat haze"})}
    | {frozenset({"frost", "heat haze"}), frozenset({"sandstorm", "heavy rain"}), frozenset({"sandstorm", "snowfall"})}
    | {frozenset({"light breeze", other}) for other in ("strong wind", "storm", "blizzard", "sandstorm")}
)
_LIGHT_WEATHER: Final = frozenset(
    {("hard noon sun", other) for other in ("overcast", "heavy rain", "storm", "fog", "snowfall", "blizzard")}
    | {("starlight", other) for other in ("overcast", "heavy rain", "storm", "blizzard")}
    | {("overcast", "clear sky")}
)
_SPEEDS: Final = frozenset({"time-lapse", "slow motion", "real time", "half speed", "double speed"})
_SLOW: Final = frozenset({"slow motion", "half speed"})
_NEUTRAL: Final = frozenset(
    {"monochrome grey", "charcoal, slate, bone", "ink wash black to grey", "one accent on grey", "sepia"}
    | {"grey", "black", "white", "charcoal", "silver", "ivory", "cream"}
)
_MUSIC: Final = frozenset(word.en for word in words("audio", "music"))
_VOICES: Final = frozenset(word.en for word in words("audio", "voice"))
NO_MUSIC: Final = "no music, natural sound only"
NO_SPEECH: Final = "no speech"
SOUNDS: Final = ("sound.bed", "sound.effects", "sound.music")
_NO_TEXT: Final = re.compile(
    r"\b(?:on-screen text|any text|all text|captions|subtitles)\b|\bno text\b|画面文字|任何文字|字幕", re.IGNORECASE
)


def two_times(fields: Fields, context: Context) -> Finding | None:
    """Two times of day that are never the same hour."""
    times = [word for word in keys(fields, TIMES) if word in TIME_HOURS]
    if all(overlap(TIME_HOURS[one], TIME_HOURS[other]) for one, other in combinations(times, 2)):
        return None
    return Finding(
        "two_times",
        N_("A shot has one time of day; this one has {words}."),
        {"words": said(times, context.language, "time_weather_air")},
        ("place",),
        keep_one(TIMES, times, context.language),
    )


def two_lights(fields: Fields, context: Context) -> Finding | None:
    """Two lights of the sky that never meet: moon and noon sun."""
    lights = [word for word in keys(fields, "light") if word in LIGHT_HOURS]
    if all(overlap(LIGHT_HOURS[one], LIGHT_HOURS[other]) for one, other in combinations(lights, 2)):
        return None
    return Finding(
        "two_lights",
        N_("These lights of the sky never meet: {words}."),
        {"words": said(lights, context.language, "lighting")},
        ("light",),
        keep_one("light", lights, context.language),
    )


def light_against_time(fields: Fields, context: Context) -> Finding | None:
    """Noon and moonlight."""
    times = [word for word in keys(fields, TIMES) if word in TIME_HOURS]
    lights = [
        light
        for light in keys(fields, "light")
        if light in LIGHT_HOURS and times and not any(overlap(LIGHT_HOURS[light], TIME_HOURS[time]) for time in times)
    ]
    if not lights:
        return None
    return Finding(
        "light_against_time",
        N_("There is no {light} at this time of day: {time}."),
        {
            "light": said(lights, context.language, "lighting"),
            "time": said(times, context.language, "time_weather_air"),
        },
        ("place", "light"),
        (take_out("light", lights, context.language), take_out(TIMES, times, context.language)),
    )


def weather_apart(fields: Fields, context: Context) -> Finding | None:
    """A clear sky and rain."""
    weather = keys(fields, WEATHER)
    apart = [word for word in weather if any(frozenset({word, other}) in _WEATHER_APART for other in weather)]
    if not apart:
        return None
    return Finding(
        "weather_apart",
        N_("This weather cannot be at once: {words}."),
        {"words": said(apart, context.language, "time_weather_air")},
        ("place",),
        keep_one(WEATHER, apart, context.language),
    )


def light_against_weather(fields: Fields, context: Context) -> Finding | None:
    """Hard noon sun in heavy rain."""
    weather = keys(fields, WEATHER)
    pairs = [(light, sky) for light in keys(fields, "light") for sky in weather if (light, sky) in _LIGHT_WEATHER]
    if not pairs:
        return None
    light, sky = pairs[0]
    return Finding(
        "light_against_weather",
        N_("There is no {light} in this weather: {weather}."),
        {
            "light": said([light], context.language, "lighting"),
            "weather": said([sky], context.language, "time_weather_air"),
        },
        ("place", "light"),
        (take_out("light", [light], context.language), take_out(WEATHER, [sky], context.language)),
    )


def black_white_and_colours(fields: Fields, context: Context) -> Finding | None:
    """A black-and-white film with a palette of colours. Own words for colours are not judged."""
    black = [look for look in keys(fields, "looks") if look == "film noir" or _says_black_white(look)]
    grey = "monochrome grey" in keys(fields, "palette")
    colours = [each for each in keys(fields, "palette") if each not in _NEUTRAL and _is_colour(each)]
    if not colours or not (black or grey):
        return None
    other = take_out("looks", black, context.language) if black else take_out("palette", ["monochrome grey"], "en")
    return Finding(
        "black_white_and_colours",
        N_("A black-and-white film shows no colours: {words}."),
        {"words": said(colours, context.language, "palette")},
        ("look", "palette"),
        (take_out("palette", colours, context.language), other),
    )


def _says_black_white(look: str) -> bool:
    return "黑白" in look or "black and white" in look.lower().replace("-", " ")


def _is_colour(value: str) -> bool:
    return find(value, "palette") is not None or find(value, "colours") is not None


def light_keys_apart(fields: Fields, context: Context) -> Finding | None:
    """Mostly bright and mostly dark."""
    pair = ["high-key", "low-key"]
    if not set(pair) <= set(keys(fields, "light")):
        return None
    return Finding(
        "light_keys_apart",
        N_("The picture is either mostly bright or mostly dark: {words}."),
        {"words": said(pair, context.language, "lighting")},
        ("light",),
        keep_one("light", pair, context.language),
    )


def speeds_apart(fields: Fields, context: Context) -> Finding | None:
    """Time-lapse and slow motion."""
    looks = [word for word in keys(fields, "looks") if word in _SPEEDS]
    paces = [word for word in keys(fields, "pace") if word in _SPEEDS]
    speeds = list(dict.fromkeys(looks + paces))
    if len(speeds) < 2 or set(speeds) <= _SLOW or "speed ramp" in keys(fields, "moves"):
        return None
    fixes = (
        *(take_out("looks", [word], context.language) for word in looks),
        *(take_out("pace", [word], context.language) for word in paces),
    )
    names = [said([word], context.language, "style") for word in looks]
    names += [said([word], context.language, "pace_and_cuts") for word in paces]
    listed = ("、" if context.language == "zh" else ", ").join(names)
    return Finding(
        "speeds_apart", N_("Time runs at one speed in a shot: {words}."), {"words": listed}, ("look", "beats"), fixes
    )


def loop_and_fade(fields: Fields, context: Context) -> Finding | None:
    """A loop whose end is black."""
    fades = [word for word in keys(fields, "pace") if word in ("fade to black", "fade to white")]
    if "seamless loop" not in keys(fields, "pace") or not fades:
        return None
    return Finding(
        "loop_and_fade",
        N_("A loop that ends where it began cannot do this: {words}."),
        {"words": said(fades, context.language, "pace_and_cuts")},
        ("beats",),
        (take_out("pace", fades, context.language), take_out("pace", ["seamless loop"], context.language)),
    )


def music_and_none(fields: Fields, context: Context) -> Finding | None:
    """No music, and an instrument."""
    chosen = keys(fields, *SOUNDS)
    music = [word for word in chosen if word in _MUSIC]
    if NO_MUSIC not in chosen or not music:
        return None
    return Finding(
        "music_and_none",
        N_("It says there is no music, and it asks for {words}."),
        {"words": said(music, context.language, "audio")},
        ("sound",),
        (_sounds_out(music, context), _sounds_out([NO_MUSIC], context)),
    )


def speech_and_none(fields: Fields, context: Context) -> Finding | None:
    """Spoken lines, and nobody speaks."""
    chosen = keys(fields, *SOUNDS)
    voices = [word for word in chosen if word in _VOICES]
    lines = [line for line in fields.dialogue if line.words.strip()]
    if NO_SPEECH not in chosen or not (lines or voices):
        return None
    silent = Fix(N_("Take out the spoken lines"), {}, lambda old: replace(_drop(old, voices), dialogue=()))
    return Finding(
        "speech_and_none",
        N_("It says nobody speaks, and there are spoken lines."),
        {},
        ("dialogue", "sound"),
        (_sounds_out([NO_SPEECH], context), silent),
    )


def _sounds_out(unwanted: list[str], context: Context) -> Fix:
    return Fix(TAKE_OUT, {"word": said(unwanted, context.language, "audio")}, lambda old: _drop(old, unwanted))


def _drop(fields: Fields, unwanted: list[str]) -> Fields:
    for path in SOUNDS:
        fields = take_out(path, unwanted, "en").apply(fields)
    return fields


def text_and_none(fields: Fields, _: Context) -> Finding | None:
    """Words on screen, and text to be avoided."""
    if not any(words_.strip() for words_ in fields.on_screen) or not _NO_TEXT.search(fields.avoid):
        return None
    return Finding(
        "text_and_none",
        N_("It asks for words on screen, and to avoid them."),
        {},
        ("on_screen", "constraints"),
        (
            Fix(N_("Take out the words on screen"), {}, lambda old: with_part(old, "on_screen", ())),
            Fix(N_("Clear what to avoid"), {}, lambda old: with_part(old, "avoid", "")),
        ),
    )


RULES: Final[tuple[Rule, ...]] = (
    two_times, two_lights, light_against_time, weather_apart, light_against_weather, black_white_and_colours,
    light_keys_apart, speeds_apart, loop_and_fade, music_and_none, speech_and_none, text_and_none,
)  # fmt: skip
