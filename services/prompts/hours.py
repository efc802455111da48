"""At which hours of the day a word can be true: what never overlaps cannot be one shot."""

from __future__ import annotations

from typing import Final

Hours = tuple[tuple[float, float], ...]

# From and to, in hours of the day; past 24 is the next morning. Wide on purpose: only sure conflicts are told.
TIME_HOURS: Final[dict[str, Hours]] = {
    "dawn": ((4.5, 7),),
    "sunrise": ((5, 8),),
    "early morning": ((5, 9),),
    "morning": ((6, 12),),
    "late morning": ((9, 12),),
    "noon": ((11.5, 13),),
    "afternoon": ((12.5, 18),),
    "golden hour": ((5, 8), (16, 20)),
    "sunset": ((17, 20.5),),
    "dusk": ((18, 21),),
    "twilight": ((4.5, 6.5), (18, 21)),
    "blue hour": ((4.5, 6.5), (18, 21)),
    "night": ((19, 28.5),),
    "midnight": ((23, 25),),
    "starry night": ((20, 28.5),),
}
LIGHT_HOURS: Final[dict[str, Hours]] = {
    "golden hour": ((5, 8), (16, 20)),
    "blue hour": ((4.5, 6.5), (18, 21)),
    "twilight glow": ((4.5, 6.5), (18, 21)),
    "sunrise sweep": ((5, 9),),
    "hard noon sun": ((10.5, 15),),
    "sun through blinds": ((5.5, 20),),
    "moonlight": ((18, 30),),
    "starlight": ((19, 29.5),),
    "sodium street lamps": ((16.5, 31),),
    "city glow at night": ((17.5, 30.5),),
}


def overlap(one: Hours, other: Hours) -> bool:
    """Tell whether two stretches of the day share any time.

    >>> overlap(TIME_HOURS["dusk"], TIME_HOURS["night"]), overlap(TIME_HOURS["noon"], LIGHT_HOURS["moonlight"])
    (True, False)
    """
    return any(
        start < until + shift and begin + shift < end
        for start, end in one
        for begin, until in other
        for shift in (-24, 0, 24)
    )
