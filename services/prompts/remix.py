"""The id by which a relay changes a video it has made: found in its answer, sent where its family takes one. Pure.

Source: PROTOCOL.md, section 3: `s_` and 32 hex digits, in the prompt or as `remix_target_id`; A says `sid: s_…`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.prompts.controls import Shown, options
from services.prompts.marks import N_
from services.prompts.presets import Presets

CONTROL: Final = "remix"
IN_WORDS: Final = N_("The earlier video is named at the end of the prompt: {said}")
IN_FIELD: Final = N_("The earlier video is named in the field {said}.")
CANNOT: Final = N_("Nothing is known about how {model} is told which video to change, so only your words are sent.")
ELSEWHERE: Final = N_(
    "Another endpoint made the earlier video: its name says nothing here, so only your words are sent."
)
_ID: Final = re.compile(r"(?<![0-9A-Za-z_])s_[0-9a-f]{32}(?![0-9A-Za-z_])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Remix:
    """A video to be changed: the id its relay gave it, and the endpoint that knows it by that."""

    id: str
    endpoint_id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How a model is told: words for the prompt's end, fields for the body, and what the person sees of it."""

    words: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    shown: Shown | None = None

    def prompt(self, text: str) -> str:
        """Return the text with the id on a line of its own at its end, unless it is in it."""
        return f"{text.rstrip()}\n\n{self.words}" if self.words and self.words not in text else text


def found_in(*texts: str) -> str:
    """Return the id a relay gave its video, the last one it named; empty if it named none.

    >>> found_in("> sid: s_0123456789abcdef0123456789abcdef\\n", "s_short")
    's_0123456789abcdef0123456789abcdef'
    """
    found = [match[0] for text in texts for match in _ID.finditer(text)]
    return found[-1] if found else ""


def asked(remix: Remix | None, model: str, endpoint_id: str, presets: Presets) -> Asked:
    """Return how this model at this endpoint is told which video to change; nothing where there is none."""
    if remix is None:
        return Asked()
    way = options(model, presets)
    if remix.endpoint_id != endpoint_id:
        return Asked(shown=Shown(CONTROL, remix.id, "cannot", ELSEWHERE, {}))
    if way.remix == "prompt":
        return Asked(remix.id, {}, Shown(CONTROL, remix.id, "words", IN_WORDS, {"said": remix.id}, way.sure))
    if way.remix:
        said = {"said": f"{way.remix} = {remix.id}"}
        return Asked("", {way.remix: remix.id}, Shown(CONTROL, remix.id, "extra", IN_FIELD, said, way.sure))
    return Asked(shown=Shown(CONTROL, remix.id, "cannot", CANNOT, {"model": model}))


def to_dict(remix: Remix) -> dict[str, str]:
    """Return it for a note, or beside a generation."""
    return {"id": remix.id, "endpoint": remix.endpoint_id}


def from_dict(kept: object) -> Remix | None:
    """Return the remix of a note, tolerantly: what is no id of a relay is none.

    >>> from_dict({"id": "s_1; DROP TABLE", "endpoint": "e"}) is None
    True
    """
    if not isinstance(kept, Mapping):
        return None
    id, endpoint_id = str(kept.get("id")), kept.get("endpoint")
    return Remix(id, endpoint_id) if _ID.fullmatch(id) and isinstance(endpoint_id, str) else None
