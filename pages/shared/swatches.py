"""The colours of a look as small squares: what the words of its palette look like, roughly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_SETS: Final = {
    "autumn red and ochre": ("#a63d2f", "#cc7722"),
    "bamboo green and stone": ("#7a9a5b", "#8d8a84"),
    "candy pink and blue": ("#f7a8c4", "#8cc4f0"),
    "earth tones": ("#8b5a2b", "#a68a64", "#6b705c"),
    "ink wash black to grey": ("#1c1c1c", "#6f6f6f", "#c9c9c4"),
    "jewel tones": ("#0f7b5f", "#5b2a86", "#9b1b45"),
    "monochrome grey": ("#2f2f2f", "#7d7d7d", "#cfcfcf"),
    "one accent on grey": ("#8a8a8a", "#c9c9c9", "#d1402f"),
    "porcelain blue and white": ("#2f5da8", "#f4f5f0"),
    "saturated primary": ("#e03131", "#fcc419", "#1c7ed6"),
    "spring green and cream": ("#8bc34a", "#fff3d6"),
    "sunset orange to violet": ("#f08a4b", "#c25b8a", "#6a4c93"),
    "teal and orange": ("#1f7a7a", "#ef8a3c"),
    "vermilion and gold": ("#d9381e", "#d4a017"),
    "winter white and blue": ("#f2f6fa", "#6fa3d8"),
}
_COLOURS: Final = {
    "amber": "#e0a030", "bark": "#5b4636", "black": "#1a1a1a", "bleached": "#e8e0d0", "blush": "#e8b4b0",
    "bone": "#e3dac9", "brass": "#b5a642", "brown": "#7a5230", "celadon": "#ace1af", "charcoal": "#36383d",
    "cobalt": "#1e4fa3", "coral": "#f5795b", "cream": "#fff3d6", "crimson": "#b3122f", "cyan": "#22b8cf",
    "denim": "#3b5f8a", "emerald": "#1a9a6b", "forest": "#2f5d3a", "gold": "#d4a017", "green": "#3f8f4f",
    "grey": "#8a8a8a", "ice": "#d6ecf5", "ink": "#20242c", "ivory": "#f8f4e3", "jade": "#2fa37c",
    "lavender": "#b9a7e0", "lemon": "#f7e34b", "lime": "#a4d037", "magenta": "#d6249f", "mint": "#a7e3c5",
    "moss": "#6b7c3a", "mustard": "#d1a126", "navy": "#1c2f5c", "olive": "#7a7a2f", "orange": "#ef7f2d",
    "peach": "#f8c3a1", "pink": "#ef8fb3", "red": "#d1342f", "rust": "#a8502a", "sand": "#dcc7a0",
    "sepia": "#8a6a48", "silver": "#c4c9ce", "sky": "#8cc4ef", "slate": "#5c6b7a", "tan": "#cfab80",
    "teal": "#1f7a7a", "terracotta": "#c5623f", "violet": "#7650b0", "walnut": "#5f4632", "wheat": "#e6cf9c",
    "white": "#fafafa", "yellow": "#f2cf3b",
}  # fmt: skip


def swatches(palette: Iterable[str]) -> list[str]:
    """Return the colours of a palette as CSS knows them; words that name none are left out.

    >>> swatches(["teal, sand", "earth tones", "like home"])
    ['#1f7a7a', '#dcc7a0', '#8b5a2b', '#a68a64', '#6b705c']
    """
    found: list[str] = []
    for entry in palette:
        found += _SETS.get(entry, ())
        found += [_COLOURS[name] for each in entry.split(",") if (name := each.strip()) in _COLOURS]
    return found
