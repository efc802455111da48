"""What a check finds, and the one click that mends it. Every finding only warns: the person decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from services.prompts.beat_clock import USUAL, Rates
from services.prompts.fields import LIST_OF, Fields
from services.prompts.marks import N_
from services.prompts.vocabulary import Language, key, say

KEEP: Final = N_("Keep only {word}")
TAKE_OUT: Final = N_("Take out {word}")

Weight = Literal["conflict", "hint"]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the fields. None and empty mean unknown, and what is unknown is never warned about.

    `orientation` is what the model will make; `picture` the reference picture's width and height in pixels.
    """

    seconds: float | None = None
    allowed_seconds: tuple[float, ...] = ()
    orientation: str = ""
    max_chars: int | None = None
    picture: tuple[int, int] | None = None
    takes_picture: bool | None = None
    rates: Rates = USUAL
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Fix:
    """One click: a label to translate and fill, and what it does to the fields."""

    label: str
    params: Mapping[str, str]
    apply: Callable[[Fields], Fields] = field(compare=False)


@dataclass(frozen=True, slots=True)
class TextFix:
    """One click on free text."""

    label: str
    params: Mapping[str, str]
    apply: Callable[[str], str] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit. `fields` are ids of `field_help.FIELDS`; `spans` places in a free text.

    A conflict contradicts itself or the request; a hint is craft from the guides.
    """

    code: str
    sentence: str
    params: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    text_fixes: tuple[TextFix, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    weight: Weight = "conflict"


Rule = Callable[[Fields, Context], Finding | None]


def part(fields: Fields, path: str) -> Any:
    """Return a part of the fields by its path: `moves`, `place.times`."""
    value: Any = fields
    for step in path.split("."):
        value = getattr(value, step)
    return value


def with_part(fields: Fields, path: str, value: Any) -> Fields:
    """Return the fields with one part replaced."""
    outer, _, inner = path.partition(".")
    if inner:
        value = replace(getattr(fields, outer), **{inner: value})
    changed: dict[str, Any] = {outer: value}
    return replace(fields, **changed)


def keys(fields: Fields, *paths: str) -> list[str]:
    """Return the words picked in these parts, by their keys, each once."""
    found = (key(value, LIST_OF[path]) for path in paths for value in part(fields, path) if value.strip())
    return list(dict.fromkeys(found))


def without(path: str, words: Iterable[str]) -> Callable[[Fields], Fields]:
    """Return what takes words out of a part."""
    unwanted = frozenset(words)

    def apply(fields: Fields) -> Fields:
        kept = tuple(value for value in part(fields, path) if key(value, LIST_OF[path]) not in unwanted)
        return with_part(fields, path, kept)

    return apply


def said(words: Iterable[str], language: Language, name: str) -> str:
    """Return words as a sentence lists them.

    >>> said(["pan left", "zoom in"], "zh", "camera_moves")
    '左摇、变焦推'
    """
    return ("、" if language == "zh" else ", ").join(say(word, language, name) for word in words)


def take_out(path: str, words: Iterable[str], language: Language) -> Fix:
    """Return the fix that takes words out of a part."""
    chosen = tuple(words)
    return Fix(TAKE_OUT, {"word": said(chosen, language, LIST_OF[path])}, without(path, chosen))


def keep_one(path: str, words: Iterable[str], language: Language) -> tuple[Fix, ...]:
    """Return a fix for each word that keeps it and takes the others out."""
    chosen = tuple(words)
    return tuple(
        Fix(
            KEEP,
            {"word": say(kept, language, LIST_OF[path])},
            without(path, (word for word in chosen if word != kept)),
        )
        for kept in chosen
    )
