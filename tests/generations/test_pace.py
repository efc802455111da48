"""The honest clock: only from one's own answers, silent where they are few, never before its time."""

from __future__ import annotations

import math
import random
from statistics import median

import pytest

from db.durations import Took
from services.generations.pace import FEWEST, MOST, Basis, Pace, pace


def took(
    seconds: float, *, endpoint: str = "e", model: str = "m", asked: float | None = 8.0, demo: bool = False
) -> Took:
    return Took(endpoint_id=endpoint, model=model, demo=demo, asked_seconds=asked, seconds=seconds)


def of(*known: Took, demo: bool = False) -> Pace | None:
    return pace(known, "e", "m", 8.0, demo=demo)


def test_silent_below_five() -> None:
    assert of(*[took(10.0)] * (FEWEST - 1)) is None
    assert of(*[took(10.0)] * FEWEST) == Pace((10.0,) * FEWEST, Basis.SAME)


@pytest.mark.parametrize(
    ("others", "basis"),
    [
        ({"asked": 15.0}, Basis.MODEL),
        ({"endpoint": "other"}, Basis.ANYWHERE),
        ({"model": "other"}, Basis.ENDPOINT),
    ],
)
def test_the_group_is_widened_only_when_it_has_too_few(others: dict[str, str | float], basis: Basis) -> None:
    few, wide = [took(1.0)] * (FEWEST - 1), [took(60.0, **others)] * FEWEST  # type: ignore[arg-type]
    wider = of(*few, *wide)
    assert wider is not None
    assert wider.basis is basis
    enough = of(*few, took(2.0), *wide)
    assert enough == Pace((1.0,) * (FEWEST - 1) + (2.0,), Basis.SAME)


def test_nothing_is_learned_from_another_model_elsewhere() -> None:
    assert of(*[took(5.0, endpoint="other", model="other")] * 50) is None


def test_the_demo_teaches_nothing_about_what_is_paid() -> None:
    played = [took(1.0, demo=True)] * 20
    assert of(*played) is None
    assert of(*played, demo=True) is not None
    assert of(*[took(100.0)] * 20, demo=True) is None


def test_only_the_newest_count() -> None:
    found = of(*[took(1.0)] * MOST, *[took(900.0)] * 500)
    assert found is not None
    assert found.slowest == 1.0


@pytest.mark.parametrize("seed", range(60))
def test_on_any_history_the_clock_keeps_its_promises(seed: int) -> None:
    chance = random.Random(seed)
    known = [took(chance.lognormvariate(4.0, chance.choice([0.1, 1.0, 2.0]))) for _ in range(chance.randint(5, 80))]
    found = of(*known)
    assert found is not None
    newest = sorted(one.seconds for one in known[:MOST])
    assert found.times == tuple(newest)
    assert found.median == median(newest)
    assert sum(seconds <= found.ninetieth for seconds in newest) >= 0.9 * len(newest)
    assert found.ninetieth in newest
    assert found.times[0] <= found.median <= found.ninetieth <= found.slowest < found.stuck_after
    before = math.inf
    for elapsed in sorted(chance.uniform(0, found.slowest * 1.5) for _ in range(20)):
        left = found.left(elapsed)
        assert (left is None) == (elapsed >= found.slowest)
        if left is not None:
            assert 0 < left <= found.slowest - elapsed
        done = sum(seconds <= elapsed for seconds in newest)
        before, same = len(newest) - done, before
        assert before <= same  # fewer and fewer are slower still
