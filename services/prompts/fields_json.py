"""Fields to and from JSON. Reading never fails: a draft of an older or newer Dailies opens with all that is understood.

Unknown keys are dropped and values of a wrong type become their defaults. Text is kept to `MAX_TEXT` characters a value
and lists to `MAX_ITEMS`, so that a file from anywhere cannot fill the memory.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Mapping
from dataclasses import asdict, is_dataclass
from functools import cache
from typing import Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

from services.endpoint.text import clean
from services.prompts.fields import EMPTY, Fields

VERSION: Final = 1
MAX_TEXT: Final = 100_000
MAX_ITEMS: Final = 200
MAX_NUMBER: Final = 1e6

T = TypeVar("T")


def to_dict(chosen: Fields) -> dict[str, Any]:
    """Return the fields that say something, and the version of the form."""
    return {"version": VERSION, **_sparse(asdict(chosen), asdict(EMPTY))}


def to_json(chosen: Fields) -> str:
    """Return the fields as JSON, keys in a fixed order, so that equal fields are equal text."""
    return json.dumps(to_dict(chosen), ensure_ascii=False, separators=(",", ":"))


def from_dict(kept: object) -> Fields:
    """Return the fields of a dictionary; whatever is not understood is left empty."""
    return read_as(Fields, kept)


def from_json(text: str | None) -> Fields:
    """Return the fields of a JSON text; empty ones if it is none.

    >>> from_json('{"beats": [{"text": "She turns", "seconds": "two"}], "future": 1, "mood": 7}').beats
    (Beat(text='She turns', seconds=None),)
    >>> from_json("not JSON") == from_json(None) == Fields()
    True
    """
    try:
        return from_dict(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        return EMPTY


def read_as(kind: type[T], kept: object) -> T:
    """Return a dataclass of ours from a dictionary, tolerantly: field by field, else its default."""
    values = kept if isinstance(kept, Mapping) else {}
    read = {name: _read(hint, values[name]) for name, hint in _hints(cast(Hashable, kind)).items() if name in values}
    return kind(**{name: value for name, value in read.items() if value is not None})


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hints[name] for name in hints if not name.startswith("_")}


def _read(hint: Any, value: object) -> Any:
    """Return a value as the hint wants it; None when it is not of that kind."""
    if get_origin(hint) is tuple:
        return _read_many(get_args(hint)[0], value)
    if is_dataclass(hint) and isinstance(hint, type):
        return read_as(hint, value) if isinstance(value, Mapping) else None
    if hint is str:
        return clean(value)[:MAX_TEXT] if isinstance(value, str) else None
    return _read_number(hint, value)


def _read_many(hint: Any, value: object) -> tuple[Any, ...] | None:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return None
    read = (_read(hint, each) for each in value[:MAX_ITEMS])
    return tuple(each for each in read if each is not None)


def _read_number(hint: Any, value: object) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or not 0 < value <= MAX_NUMBER:
        return None
    return int(value) or None if hint is int else float(value)


def _sparse(values: dict[str, Any], empty: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            value = _sparse(value, empty[name])
        if value not in ({}, (), []) and value != empty[name]:
            said[name] = value
    return said
