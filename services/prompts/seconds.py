"""How many seconds of video a request really asks for: by the model's name, by a sent wish, by a field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.prompts.controls import options, plan
from services.prompts.fields import Controls
from services.prompts.presets import Presets

LENGTHS: Final = frozenset({"seconds", "duration", "video_length", "length", "n_seconds", "durationseconds"})
LONGEST_SECONDS: Final = 10_000.0


def asked_seconds(model: str, wished: Controls, request: Mapping[str, Any], presets: Presets) -> float | None:
    """Return the seconds asked for; None: nothing says, so the model decides.

    A wish that cannot be said to this model is not sent, and so does not count.

    >>> from services.prompts.presets import built_in
    >>> asked_seconds("sora2-landscape-10s", Controls(), {}, built_in())
    10.0
    >>> asked_seconds("some-model", Controls(seconds=15), {}, built_in())
    >>> asked_seconds("some-model", Controls(), {"extra_body": {"duration": "8s"}}, built_in())
    8.0
    """
    said = [one.value for one in plan(model, wished, presets).shown if one.control == "seconds" and one.how != "cannot"]
    by_name = options(model, presets).current.get("seconds", "")
    return _first((*said, by_name, *_fields(request)))


def _first(values: tuple[Any, ...]) -> float | None:
    return next((seconds for value in values if (seconds := _number(value)) is not None), None)


def _fields(values: Mapping[str, Any], depth: int = 0) -> Iterator[Any]:
    """Yield the values of fields that mean a length, objects in objects three deep."""
    for name, value in values.items():
        if isinstance(value, Mapping) and depth < 3:
            yield from _fields(value, depth + 1)
        elif name.lower() in LENGTHS:
            yield value


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(str(value).strip().lower().removesuffix("s"))
    except ValueError:
        return None
    return seconds if 0 < seconds < LONGEST_SECONDS else None
