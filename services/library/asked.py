"""Asked against got: the shape and length wished for beside those of the film, and what the relay said it did.

Some relays print the parameters they worked with as JSON in the answer. Everything here is text from outside, compared
and never believed. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from db.records import Generation, Video
from services.prompts.controls import options
from services.prompts.desk import fields_of
from services.prompts.likeness import normalised
from services.prompts.presets import Presets

Verdict = Literal["same", "other", "unknown"]
NEAR_SECONDS: Final = 0.5
NEAR_SHARE: Final = 0.06
"""A clip is as long as asked within half a second or 6 %: encoders end on whole groups of frames."""
MOST_ECHO_CHARS: Final = 40_000
MOST_ECHOED: Final = 12
_FENCED: Final = re.compile(r"```(?:json)?\s*(\{.*?\})\s*```", re.DOTALL)
_RATIO: Final = re.compile(r"(\d{1,5})\s*[:xX×*]\s*(\d{1,5})")
_SHAPES: Final = frozenset({"orientation", "aspect_ratio", "aspectratio", "ratio", "size", "resolution"})
_LENGTHS: Final = frozenset({"seconds", "duration", "video_length", "length", "n_seconds", "durationseconds"})


@dataclass(frozen=True, slots=True)
class Line:
    """One wish and what became of it. `name` is shape or length; None: nothing was asked, or nothing is known."""

    name: str
    asked: str | float | None
    got: str | float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Echoed:
    """One parameter that the relay printed. `verdict` other: it is not what was sent."""

    name: str
    value: str
    verdict: Verdict


def asked_against_got(generation: Generation, video: Video | None, presets: Presets) -> tuple[Line, ...]:
    """Return shape and length, where one was asked for."""
    shape, seconds = _wished(generation, presets)
    lines = []
    if shape:
        got = shape_of(video.width, video.height) if video and video.width and video.height else None
        lines.append(Line("shape", shape, got, _same(got == shape) if got else "unknown"))
    if seconds:
        length = video.duration_seconds if video else None
        near = length is not None and abs(length - seconds) <= max(NEAR_SECONDS, NEAR_SHARE * seconds)
        lines.append(Line("length", seconds, length, "unknown" if length is None else _same(near)))
    return tuple(lines)


def echo(generation: Generation) -> tuple[Echoed, ...]:
    """Return what the relay printed of its own parameters, compared with what was sent where that is known."""
    sent = dict(_flat(generation.request or {}))
    return tuple(
        Echoed(name, value, _echo_verdict(name, value, generation, sent))
        for name, value in list(_flat(_printed(generation.content)))[:MOST_ECHOED]
    )


def shape_of(width: float, height: float) -> str:
    """Return landscape, portrait or square (within 2 %).

    >>> shape_of(1280, 720), shape_of(720, 1280), shape_of(100, 101)
    ('landscape', 'portrait', 'square')
    """
    if abs(width - height) <= 0.02 * max(width, height):
        return "square"
    return "landscape" if width > height else "portrait"


def _wished(generation: Generation, presets: Presets) -> tuple[str, float | None]:
    """Return shape and seconds: chosen in the fields, said by the model's name, or by a field of the request."""
    chosen = fields_of(generation.fields).controls
    by_name = options(generation.model, presets).current
    sent = dict(_flat(generation.request or {}))
    shape = chosen.orientation or by_name.get("orientation", "") or _first(sent, _SHAPES, _shape)
    seconds = chosen.seconds or _number(by_name.get("seconds", "")) or _first(sent, _LENGTHS, _number)
    return shape or "", seconds or None


def _first(values: Mapping[str, str], names: frozenset[str], read: Any) -> Any:
    found = (read(value) for name, value in values.items() if _bare(name) in names)
    return next(filter(None, found), None)


def _shape(text: str) -> str:
    word = text.strip().lower()
    if word in ("landscape", "portrait", "square"):
        return word
    ratio = _RATIO.fullmatch(word)
    return shape_of(int(ratio[1]), int(ratio[2])) if ratio and int(ratio[1]) and int(ratio[2]) else ""


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().lower().removesuffix("s"))
    except ValueError:
        return None
    return value if 0 < value < 10_000 else None


def _same(same: bool) -> Verdict:
    return "same" if same else "other"


def _printed(content: str) -> dict[str, Any]:
    """Return the first JSON object of an answer that is fenced, or stands at its beginning."""
    head = content[:MOST_ECHO_CHARS].lstrip()
    fenced = _FENCED.search(head)
    try:
        found = json.loads(fenced[1]) if fenced else json.JSONDecoder().raw_decode(head)[0] if head[:1] == "{" else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _flat(values: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the plain values of an object and of objects in it, three deep; what a chat request wraps is left out."""
    for name, value in values.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping) and depth < 3:
            yield from _flat(value, f"{path}.", depth + 1)
        elif isinstance(value, bool | int | float | str):
            yield path, str(value)


def _echo_verdict(name: str, value: str, generation: Generation, sent: Mapping[str, str]) -> Verdict:
    if _bare(name) == "prompt":
        said, asked = normalised(value), normalised(generation.prompt)
        return _same(said == asked or (len(said) > 40 and asked.startswith(said)))
    known = next((other for key, other in sent.items() if _bare(key) == _bare(name)), None)
    return "unknown" if known is None else _same(known.strip().lower() == value.strip().lower())


def _bare(name: str) -> str:
    return name.rpartition(".")[2].lower()
