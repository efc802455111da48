"""Which model of a list a new endpoint begins with. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# Best guess first. Names as relays list them (PROTOCOL.md, 1); a picture or chat model is the last resort.
_LIKELY: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^sora-?2$",
        r"sora",
        r"veo|kling|hailuo|seedance|wan-?\d|runway|gen-?[34]|vidu|pika|luma|ray-?\d|pixverse|hunyuan-?video",
        r"video|film|movie|t2v|i2v",
    )
)


def likely(listed: Sequence[str]) -> str:
    """Return the model of a list that most likely makes videos; the first one if none looks like it.

    >>> likely(["gpt-5", "sora-image", "veo-3.1"]), likely(["demo-film", "demo-film-quiet"]), likely(["a", "b"])
    ('veo-3.1', 'demo-film', 'a')
    """
    films = [name for name in listed if not re.search(r"image|prompt|chat|gpt", name, re.IGNORECASE)]
    for pattern in _LIKELY:
        if found := next((name for name in films if pattern.search(name)), None):
            return found
    return listed[0]
