"""Do the beats and the spoken lines fit the seconds? A bar to draw, and what to do about it. Pure, no model asked.

Speech: 2.5 English words or 4.5 Chinese characters a second; both can be set. Source: PRODUCT.md, delight 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

from db.search_text import runs
from services.prompts.fields import Beat, Fields

TOLERANCE_SECONDS: Final = 0.05

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast people speak."""

    english_words_per_second: float = 2.5
    chinese_characters_per_second: float = 4.5


USUAL: Final = Rates()


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of the clip's seconds. `fits` False: it ends after the clip; None: the clip's length is unknown."""

    label: str
    start: float
    end: float
    kind: Literal["beat", "speech"]
    fits: bool | None


@dataclass(frozen=True, slots=True)
class BeatClock:
    """All of it in seconds. `fits` None: the clip's length is unknown, so nothing is claimed."""

    seconds: float | None
    beats_seconds: float
    speech_seconds: float
    bars: tuple[Bar, ...]
    fits: bool | None

    @property
    def needed_seconds(self) -> int:
        """Whole seconds that would hold everything: beats and speech run side by side."""
        return math.ceil(max(self.beats_seconds, self.speech_seconds) - TOLERANCE_SECONDS)


def speech_seconds(text: str, rates: Rates = USUAL) -> float:
    """Return how long it takes to say a text; mixed text is counted part by part.

    >>> speech_seconds("We made it back at last"), speech_seconds("我们终于回来了啊啊")
    (2.4, 2.0)
    """
    words = characters = 0
    for run, cjk in runs(text):
        characters += len(run) if cjk else 0
        words += 0 if cjk else 1
    return words / rates.english_words_per_second + characters / rates.chinese_characters_per_second


def beat_clock(fields: Fields, seconds: float | None, rates: Rates = USUAL) -> BeatClock:
    """Return the clock of these fields against a clip of `seconds` (None: unknown).

    Beats follow each other, lines follow each other; the two run side by side. A beat without seconds takes none.
    """
    bars: list[Bar] = []
    beats_end = speech_end = 0.0
    for beat in fields.beats:
        if beat.seconds:
            bars.append(_bar(beat.text, beats_end, beat.seconds, "beat", seconds))
            beats_end += beat.seconds
    for line in fields.dialogue:
        length = speech_seconds(line.words, rates)
        if length:
            bars.append(_bar(line.words, speech_end, length, "speech", seconds))
            speech_end += length
    longest = max(beats_end, speech_end)
    fits = None if seconds is None else longest <= seconds + TOLERANCE_SECONDS
    return BeatClock(seconds, round(beats_end, 2), round(speech_end, 2), tuple(bars), fits)


def fit_beats(fields: Fields, seconds: float) -> Fields:
    """Return the fields with beats shortened in proportion, in steps of 0.1 s, so that together they last `seconds`."""
    timed = [index for index, beat in enumerate(fields.beats) if beat.seconds]
    total = sum(fields.beats[index].seconds or 0 for index in timed)
    if total <= seconds or seconds < 0.1 * len(timed):
        return fields
    beats = list(fields.beats)
    tenths = [max(1, int((beats[index].seconds or 0) * seconds / total * 10)) for index in timed]
    tenths[-1] += max(0, round(seconds * 10) - sum(tenths))
    while sum(tenths) > round(seconds * 10):  # each has its tenth at least: the longest give way
        tenths[tenths.index(max(tenths))] -= 1
    for place, index in enumerate(timed):
        beats[index] = Beat(beats[index].text, tenths[place] / 10)
    return replace(fields, beats=tuple(beats))


def split(fields: Fields, seconds: float, rates: Rates = USUAL) -> tuple[Fields, ...]:
    """Return shots that fit `seconds` each, beats and lines in order; what alone is too long has a shot of its own.

    Everything else (place, cast, light …) is the same words in each shot. Words on screen stay in the last.
    """
    beats = _packed([(beat, beat.seconds or 0) for beat in fields.beats], seconds)
    lines = _packed([(line, speech_seconds(line.words, rates)) for line in fields.dialogue], seconds)
    count = max(len(beats), len(lines), 1)
    shots = []
    for index in range(count):
        last = index == count - 1
        shots.append(
            replace(
                fields,
                beats=tuple(beats[index]) if index < len(beats) else (),
                dialogue=tuple(lines[index]) if index < len(lines) else (),
                on_screen=fields.on_screen if last else (),
            )
        )
    return tuple(shots)


def _packed(things: list[tuple[T, float]], seconds: float) -> list[list[T]]:
    packed: list[list[T]] = []
    room = 0.0
    for thing, length in things:
        if not packed or (length > room + TOLERANCE_SECONDS and packed[-1]):
            packed.append([])
            room = seconds
        packed[-1].append(thing)
        room -= length
    return packed


def _bar(label: str, start: float, length: float, kind: Literal["beat", "speech"], seconds: float | None) -> Bar:
    end = start + length
    fits = None if seconds is None else end <= seconds + TOLERANCE_SECONDS
    return Bar(label.strip(), round(start, 2), round(end, 2), kind, fits)
