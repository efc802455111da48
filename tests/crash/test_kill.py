"""kill -9 of the whole server with eight streams in flight, at points and at any moment, seeded.

`--crash 100` runs the long form; `DAILIES_CRASH_RESULTS` names a file for its table.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.lateness import Lateness
from tests.crash.ledger import Ledger
from tests.crash.points import POINTS, Round
from tests.crash.relay import Relay
from tests.crash.server import Server
from tests.crash.verdict import TAIL_SECONDS, Verdict, judge, write_results
from tests.waiting import wait_until

LONG_ROUNDS, MOMENTS_SECONDS = 100, 1.0


def plan(rounds: int) -> list[str]:
    """Return each round's point: all of them by turns, every second round at any moment."""
    points = itertools.cycle(POINTS)
    return [next(points) if number % 2 or number < len(POINTS) else "any-moment" for number in range(rounds)]


def played(round: Round, lateness: Lateness) -> Verdict:
    """Kill at the round's point, start again, and judge what is there when all is quiet."""
    began = time.monotonic()
    POINTS[round.point](round)
    late = lateness.before(round.killed_at)
    if not round.server.lives:
        round.server.start()
    round.relay.let_go()
    wait_until(round.ledger.settled)
    verdict = judge(round)
    verdict.machine_late_seconds = late
    verdict.took_seconds = time.monotonic() - began
    return verdict


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_killed_server_loses_nothing_and_repeats_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, relay: Relay, serve: Callable[..., Server], lateness: Lateness
) -> None:
    seed = request.config.getoption("--crash-seed")
    chance = random.Random(seed)
    server, ledger = serve(), Ledger(tmp_path / "home")
    server.start()
    verdicts: list[Verdict] = []
    for number, point in enumerate(plan(request.config.getoption("--crash"))):
        round = Round(number=number, point=point, chance=chance, relay=relay, server=server, ledger=ledger)
        verdicts.append(played(round, lateness))
        write_results(verdicts, seed)
        if round.server is not server:
            round.server.kill()

    assert [one.faults() for one in verdicts if one.faults()] == []
    # 0.2 s is the promise on a machine that runs us when we ask it to; how late this one was is measured, and told.
    # Beside other tests only this thread's lateness is known, not the server's: there it is moments, not the answer.
    allowed = TAIL_SECONDS if len(verdicts) >= LONG_ROUNDS else MOMENTS_SECONDS
    assert [one for one in verdicts if max(one.tails_seconds, default=0.0) > allowed + one.machine_late_seconds] == []
