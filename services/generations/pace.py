"""The honest clock: what answers like this one took before, and nothing where too few did. Pure.

Source of the rules: PRODUCT.md, delight 5.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from statistics import median

from db.durations import Took

FEWEST = 5
"""Silent under this many samples."""
MOST = 50
"""Of the newest like it: what a relay took last month says little of today."""
GRACE_SECONDS, GRACE_SHARE = 2.0, 0.1
"""How much beyond the slowest before counts as "slower than any": one in N + 1 is the slowest by chance alone."""


class Basis(StrEnum):
    """Which of one's own answers an expectation is made of, from the narrowest to the widest."""

    SAME = "same"  # endpoint, model and seconds of video
    MODEL = "model"  # endpoint and model
    ANYWHERE = "anywhere"  # the model, at any endpoint
    ENDPOINT = "endpoint"  # the endpoint, any model


@dataclass(frozen=True, slots=True)
class Pace:
    """What answers like one took, in seconds: `times` in ascending order, never empty."""

    times: tuple[float, ...]
    basis: Basis

    @property
    def median(self) -> float:
        """Half took no longer."""
        return median(self.times)

    @property
    def ninetieth(self) -> float:
        """Nine of ten took no longer (the nearest of those that were seen; nothing between two is made up)."""
        return self.times[max(0, math.ceil(0.9 * len(self.times)) - 1)]

    @property
    def slowest(self) -> float:
        """None took longer."""
        return self.times[-1]

    @property
    def stuck_after(self) -> float:
        """From here on one is slower than any before, and not by chance."""
        return self.slowest + max(GRACE_SECONDS, GRACE_SHARE * self.slowest)

    def left(self, elapsed: float) -> float | None:
        """Return the seconds that half of those which also took longer than `elapsed` still needed; None if none did.

        >>> Pace((10.0, 20.0, 30.0, 40.0, 50.0), Basis.SAME).left(25.0)
        15.0
        """
        longer = self.times[bisect_right(self.times, elapsed) :]
        return median(longer) - elapsed if longer else None


def pace(took: Sequence[Took], endpoint_id: str, model: str, asked_seconds: float | None, *, demo: bool) -> Pace | None:
    """Return what to expect, from the narrowest group that has enough; None where none has. Newest first in `took`.

    The demo is compared with itself only.
    """
    groups: dict[Basis, Callable[[Took], bool]] = {
        Basis.SAME: lambda one: (one.endpoint_id, one.model, one.asked_seconds) == (endpoint_id, model, asked_seconds),
        Basis.MODEL: lambda one: (one.endpoint_id, one.model) == (endpoint_id, model),
        Basis.ANYWHERE: lambda one: one.model == model,
        Basis.ENDPOINT: lambda one: one.endpoint_id == endpoint_id,
    }
    like = [one for one in took if one.demo == demo]
    for basis, belongs in groups.items():
        times = _times(one for one in like if belongs(one))
        if len(times) >= FEWEST:
            return Pace(times, basis)
    return None


def _times(group: Iterable[Took]) -> tuple[float, ...]:
    return tuple(sorted(one.seconds for one in islice(group, MOST)))
