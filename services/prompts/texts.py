"""Every text inside a value of ours, to read or to change all at once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

T = TypeVar("T")


def texts(thing: object) -> Iterator[str]:
    """Return each text of a value, in the order of its fields.

    >>> from services.prompts.fields import Beat
    >>> list(texts((Beat("a", 2), "b")))
    ['a', 'b']
    """
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from texts(each)
    elif is_dataclass(thing):
        for part in fields(thing):
            yield from texts(getattr(thing, part.name))


def mapped(thing: T, change: Callable[[str], str]) -> T:
    """Return a value with each of its texts changed."""
    value: Any = thing
    if isinstance(value, str):
        return change(value)  # type: ignore[return-value]  # a text becomes a text
    if isinstance(value, tuple):
        return tuple(mapped(each, change) for each in value)  # type: ignore[return-value]  # a tuple becomes a tuple
    if is_dataclass(value) and not isinstance(value, type):
        value = type(value)(**{part.name: mapped(getattr(value, part.name), change) for part in fields(value)})
    return value  # type: ignore[no-any-return]  # what it was, with other texts
