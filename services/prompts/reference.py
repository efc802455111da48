"""The picture on the desk: which it is, and which part of which it was cut from. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SHAPES: Final = {"landscape", "portrait", "square"}
WHOLE: Final = "whole"


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that goes with the words. `id` is the hash of what is sent, `source` of what it was cut from.

    `shape` is the shape it was cropped to, or `whole`; `at` (0 to 1) which part of the rest was kept.
    """

    id: str
    source: str
    width: int
    height: int
    size_bytes: int
    shape: str = WHOLE
    at: float = 0.5

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height


def shape_for(orientation: str) -> str:
    """Return the shape to crop to for what the model will make; the whole picture where that is not known.

    >>> shape_for("portrait"), shape_for("")
    ('portrait', 'whole')
    """
    return orientation if orientation in _SHAPES else WHOLE


def to_dict(picture: Reference) -> dict[str, Any]:
    """Return it for a note, or beside a generation."""
    return asdict(picture)


def from_dict(kept: object) -> Reference | None:
    """Return the picture of a note, tolerantly: anything else is no picture.

    >>> from_dict({"id": "../../etc/passwd"}) is None
    True
    """
    if not isinstance(kept, Mapping):
        return None
    id, source, shape, at = (kept.get(name) for name in ("id", "source", "shape", "at"))
    numbers = [kept.get(name) for name in ("width", "height", "size_bytes")]
    if not _is_hash(id) or not all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in numbers):
        return None
    width, height, size_bytes = (int(str(one)) for one in numbers)
    return Reference(
        id=str(id),
        source=str(source) if _is_hash(source) else str(id),
        width=width,
        height=height,
        size_bytes=size_bytes,
        shape=str(shape) if shape in _SHAPES else WHOLE,
        at=min(1.0, max(0.0, float(at))) if isinstance(at, (int, float)) else 0.5,
    )


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None
