"""A desk turned into what is sent: the text with the words that carry wishes, the model's name, extra fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.prompts.controls import Plan, plan
from services.prompts.desk import Desk, kept
from services.prompts.fields import Controls
from services.prompts.presets import Presets, built_in
from services.prompts.reference import from_dict
from services.prompts.remix import Remix, asked
from services.prompts.vocabulary import Language

CARRIED = "extra"
"""Where, in what is kept beside a generation, the extra fields stand that its wishes put into the request."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What goes with a prompt besides its words. `fields` is kept beside the generation, `extra` goes into the body.

    `picture` is the sha256 of a kept one; `remix` the video the words change.
    """

    controls: Controls = field(default=Controls())
    language: Language = "en"
    fields: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    presets: Presets = field(default_factory=built_in)
    picture: str = ""
    remix: Remix | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Exactly what leaves: `extra` on top of the endpoint's own extra fields, `picture` (a sha256) beside the words."""

    prompt: str
    model: str
    extra: dict[str, Any]
    fields: dict[str, Any] | None
    picture: str = ""


def composed(desk: Desk, presets: Presets) -> Composed | None:
    """Return what goes with a desk's text; None when the text is all there is."""
    beside = kept(desk)
    if beside is None:
        return None
    picture = desk.picture.id if desk.picture else ""
    return Composed(desk.fields.controls, desk.language, beside, {}, presets, picture, desk.remix)


def as_before(fields: Mapping[str, Any] | None) -> Composed | None:
    """Return what went with a generation, to go with the same words once more."""
    if not fields:
        return None
    carried, picture = fields.get(CARRIED), from_dict(fields.get("picture"))
    extra = carried if isinstance(carried, Mapping) else {}
    return Composed(fields=fields, extra=extra, picture=picture.id if picture else "")


def outgoing(prompt: str, model: str, beside: Composed | None, endpoint_id: str = "") -> Outgoing:
    """Return what is sent for a prompt to a model of an endpoint."""
    if beside is None:
        return Outgoing(prompt, model, {}, None)
    planned = plan(model, beside.controls, beside.presets, beside.language)
    told = asked(beside.remix, planned.model, endpoint_id, beside.presets)
    extra = merged(merged(beside.extra, planned.extra), told.extra)
    fields = {**(beside.fields or {}), **({CARRIED: extra} if extra else {})}
    return Outgoing(told.prompt(planned.prompt(prompt)), planned.model, extra, fields or None, beside.picture)


def plan_of(desk: Desk, model: str, presets: Presets) -> Plan:
    """Return how a desk's wishes are asked for, to be shown before it is sent."""
    return plan(model, desk.fields.controls, presets, desk.language)


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return both, objects in objects merged; where both say something else, `above` is right.

    >>> merged({"a": {"x": 1}, "b": 1}, {"a": {"y": 2}, "b": 2})
    {'a': {'x': 1, 'y': 2}, 'b': 2}
    """
    both = dict(below)
    for name, value in above.items():
        old = both.get(name)
        both[name] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return both
