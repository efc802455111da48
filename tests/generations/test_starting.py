"""When what waits may start: as it would be sent, and unknown as soon as it rests on something unknown."""

from __future__ import annotations

import random

import pytest

from services.generations.starting import MOST, Gate, Job, starts

NOW = 1_000_000.0


def test_there_is_room_so_they_start_now() -> None:
    assert starts([], [Job("e", 60.0)] * 3, {"e": Gate(4)}, 8, NOW) == [NOW] * 3


def test_each_takes_the_first_slot_that_gets_free() -> None:
    running = [Job("e", 30.0), Job("e", 50.0)]
    found = starts(running, [Job("e", 60.0)] * 3, {"e": Gate(2)}, 8, NOW)
    assert found == [NOW + 30, NOW + 50, NOW + 90]


def test_a_slot_whose_end_nobody_knows_is_never_counted_on() -> None:
    running = [Job("e", None), Job("e", 50.0)]
    assert starts(running, [Job("e", 10.0)] * 2, {"e": Gate(2)}, 8, NOW) == [NOW + 50, NOW + 60]
    assert starts([Job("e", None)], [Job("e", 10.0)], {"e": Gate(1)}, 8, NOW) == [None]
    assert starts([], [Job("e", None)] * 2, {"e": Gate(1)}, 8, NOW) == [NOW, None]


def test_a_full_endpoint_lets_those_for_another_pass() -> None:
    gates = {"full": Gate(1), "free": Gate(1)}
    found = starts([Job("full", 100.0)], [Job("full", 5.0), Job("free", 5.0)], gates, 8, NOW)
    assert found == [NOW + 100, NOW]


def test_a_persons_own_limit_holds_across_endpoints() -> None:
    gates = {"a": Gate(9), "b": Gate(9)}
    assert starts([Job("a", 40.0)], [Job("b", 5.0)], gates, 1, NOW) == [NOW + 40]


def test_a_refusal_holds_everything_until_it_is_over() -> None:
    found = starts([], [Job("e", 10.0)] * 2, {"e": Gate(1, not_before=NOW + 70)}, 8, NOW)
    assert found == [NOW + 70, NOW + 80]


def test_a_minute_lets_through_what_it_allows() -> None:
    gate = Gate(9, per_minute=2, recent=(NOW - 50, NOW - 20))
    found = starts([], [Job("e", 1.0)] * 3, {"e": gate}, 9, NOW)
    assert found == [NOW + 10, NOW + 40, NOW + 70]


def test_what_stands_far_behind_is_left_unknown() -> None:
    found = starts([], [Job("e", 1.0)] * (MOST + 5), {"e": Gate(1)}, 8, NOW)
    assert found[MOST - 1] == NOW + MOST - 1
    assert found[MOST:] == [None] * 5


@pytest.mark.parametrize("seed", range(40))
def test_no_line_ever_breaks_a_limit(seed: int) -> None:
    chance = random.Random(seed)
    names = ["a", "b"]
    gates = {
        name: Gate(chance.randint(1, 4), chance.choice([None, 1, 3]), (), chance.choice([0.0, NOW + 33.0]))
        for name in names
    }
    waiting = [Job(chance.choice(names), chance.choice([5.0, 20.0, 90.0])) for _ in range(chance.randint(1, 40))]
    at_once = chance.randint(1, 5)
    found = starts([], waiting, gates, at_once, NOW)
    assert None not in found
    begun = [(start or 0.0, job) for start, job in zip(found, waiting, strict=True)]
    for moment, _ in begun:
        together = [job for start, job in begun if start <= moment < start + (job.seconds or 0.0)]
        assert len(together) <= at_once
        for name, gate in gates.items():
            assert sum(job.endpoint_id == name for job in together) <= gate.at_once
            last = [start for start, job in begun if job.endpoint_id == name and moment - 60 < start <= moment]
            assert gate.per_minute is None or len(last) <= gate.per_minute
    for name, gate in gates.items():
        own = [start for start, job in begun if job.endpoint_id == name]
        assert own == sorted(own)  # nobody overtakes at the same endpoint
        assert all(start >= gate.not_before for start in own)
