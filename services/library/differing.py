"""What differs between two to four generations: fields, model, endpoint, figures. Unknown is unknown. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from db.records import Generation, Video
from services.prompts.compose import compose
from services.prompts.desk import fields_of
from services.prompts.field_help import FIELDS, FieldHelp
from services.prompts.fields import EMPTY, Fields
from services.prompts.vocabulary import Language

_LABEL: Final = re.compile(r"[^:：]{1,60}[:：] ?")
_LABELLED: Final = frozenset(
    {
        "look",
        "shot",
        "move",
        "lens",
        "light",
        "palette",
        "mood",
        "sound",
        "on_screen",
        "constraints",
        "remix",
        "dialogue",
    }
)
"""Fields whose text begins with a label of the prompt; a table names them itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is not the same in all: the id of a field, or the name of a figure. None: unknown."""

    name: str
    values: tuple[Any, ...]


def kept_video(generation: Generation) -> Video | None:
    """Return the first video that is kept here."""
    return next((video for video in generation.videos if video.state == "kept"), None)


def fields_that_differ(generations: Sequence[Generation], language: Language) -> tuple[Row, ...]:
    """Return the fields that do not say the same in all, each as the text it comes to; "" where it says nothing."""
    chosen = [fields_of(one.fields) for one in generations]
    rows = (Row(each.id, tuple(text_of(fields, each, language) for fields in chosen)) for each in FIELDS)
    return tuple(row for row in rows if len(set(row.values)) > 1)


def figures_that_differ(generations: Sequence[Generation]) -> tuple[Row, ...]:
    """Return model, endpoint, and what is known of the work and of the file, where they are not the same in all."""
    films = [kept_video(one) for one in generations]
    shapes = (f"{film.width}×{film.height}" if film and film.width and film.height else None for film in films)
    rows = (
        Row("model", tuple(one.model for one in generations)),
        Row("endpoint", tuple((one.endpoint_name, one.demo) for one in generations)),
        Row("took", tuple(one.duration_seconds for one in generations)),
        Row("tokens", tuple(one.total_tokens for one in generations)),
        Row("length", tuple(film.duration_seconds if film else None for film in films)),
        Row("shape", tuple(shapes)),
        Row("bytes", tuple(film.size_bytes if film else None for film in films)),
        Row("rating", tuple(one.rating for one in generations)),
    )
    return tuple(row for row in rows if len(set(row.values)) > 1)


def text_of(fields: Fields, field: FieldHelp, language: Language) -> str:
    """Return what one field says, in one line, as the prompt says it without its label; controls by their bare values.

    >>> from services.prompts.field_help import FIELDS
    >>> mood = next(each for each in FIELDS if each.id == "mood")
    >>> text_of(Fields(mood=("calm",)), mood, "en")
    'calm'
    """
    if field.id == "purpose":
        return fields.purpose
    if field.id == "controls":
        asked = fields.controls
        seconds = f"{asked.seconds:g} s" if asked.seconds else ""
        return ", ".join(part for part in (asked.orientation, seconds, asked.quality) if part)
    alone: dict[str, Any] = {name: getattr(fields, name) for name in field.attributes}
    said = " ".join(compose(replace(EMPTY, **alone), language).split())
    return _LABEL.sub("", said) if field.id in _LABELLED else said
