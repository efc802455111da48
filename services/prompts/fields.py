"""The composer's 18 fields: what a person chose, apart from the text that says it. Source: PRODUCT.md, section 5.

Everything is frozen and empty by default. Words of the vocabulary are kept in their English form, own words as typed;
`services.prompts.compose` says them in either language.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Controls:
    """What the request carries, not the prose. `seconds` None and empty words: as the model likes."""

    model: str = ""
    orientation: str = ""  # landscape, portrait, square
    seconds: float | None = None
    quality: str = ""
    takes: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when."""

    text: str = ""
    times: tuple[str, ...] = ()
    weather: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who or what is seen: a name and 2 to 4 fixed traits, said in the very same words each time."""

    name: str = ""
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens, and how many seconds it takes (None: not said)."""

    text: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line."""

    speaker: str = ""
    words: str = ""
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard besides speech."""

    bed: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    music: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Everything heard, the bed first."""
        return self.bed + self.effects + self.music


@dataclass(frozen=True, slots=True)
class Fields:
    """All that the guided composer asks for."""

    purpose: str = ""
    controls: Controls = Controls()
    looks: tuple[str, ...] = ()
    place: Place = Place()
    cast: tuple[Person, ...] = ()
    beats: tuple[Beat, ...] = ()
    pace: tuple[str, ...] = ()
    shots: tuple[str, ...] = ()
    angles: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    move_pace: str = ""  # slow, normal, fast
    lens: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    dialogue: tuple[Line, ...] = ()
    sound: Sound = field(default=Sound())
    on_screen: tuple[str, ...] = ()
    keep: str = ""
    avoid: str = ""
    continuity: str = ""
    remix: str = ""


EMPTY: Final = Fields()

LIST_OF: Final = {
    "purpose": "purpose",
    "looks": "style",
    "place.times": "time_weather_air",
    "place.weather": "time_weather_air",
    "pace": "pace_and_cuts",
    "shots": "shot_types",
    "angles": "shot_types",
    "moves": "camera_moves",
    "lens": "lens_and_focus",
    "light": "lighting",
    "palette": "palette",
    "mood": "mood",
    "dialogue.manner": "manner",
    "sound.bed": "audio",
    "sound.effects": "audio",
    "sound.music": "audio",
}
"""Which list of the vocabulary a part of the fields is picked from."""


def is_empty(value: object) -> bool:
    """Tell whether a field, or a part of one, says nothing; blank text says nothing.

    >>> is_empty(Place(text="  ")), is_empty((Beat(),)), is_empty(Beat(seconds=2)), is_empty(Controls())
    (True, True, False, True)
    """
    if isinstance(value, Controls):
        return value == Controls()
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, tuple):
        return all(is_empty(each) for each in value)
    if is_dataclass(value):
        return all(is_empty(getattr(value, part.name)) for part in fields(value))
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def fill_empty(own: Fields, other: Fields) -> Fields:
    """Return the fields with what they leave empty taken from others; nothing chosen is replaced.

    A field with parts (place, sound, controls) is filled part by part.
    """
    filled: Any = _filled(own, other)
    return Fields(**{part.name: getattr(filled, part.name) for part in fields(Fields)})


def _filled(own: Any, other: Any) -> Any:
    if isinstance(own, Controls):
        takes = other.takes if own.takes == 1 else own.takes
        parts = {part.name: getattr(own, part.name) or getattr(other, part.name) for part in fields(own)}
        return Controls(**{**parts, "takes": takes})
    if is_dataclass(own) and not isinstance(own, type):
        return type(own)(**{p.name: _filled(getattr(own, p.name), getattr(other, p.name)) for p in fields(own)})
    return other if is_empty(own) else own
