"""kill -9 under load, seeded: no prompt is lost, no POST is repeated, every kept text is a prefix of what was sent."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from db.states import ENDED, State
from services.runtime import Runtime
from tests.jobs.relay import Relay
from tests.other_store import SERVER
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("DAILIES_CHAOS_ROUNDS", "4"))
STREAMS = 8


def posted(relay: Relay, wanted: int) -> bool:
    """Whether so many prompts have been POSTed."""
    return len(relay.posts) >= wanted


@contextmanager
def worker(home: Path, relay: Relay) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of the app, killed at the end if it still lives."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.commands", "worker"],
        cwd=PROJECT,
        env={**os.environ, "DAILIES_HOME": str(home), "DAILIES_BASE_URL": relay.base_url},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="on Postgres tests/cluster kills workers")
def test_kill_nine_loses_nothing_and_repeats_nothing(tmp_path: Path, relay: Relay, run: Callable[..., Runtime]) -> None:
    chance = random.Random(20261123)
    relay.deltas, relay.gap_seconds = 60, 0.02
    me = run(executes=False).for_person("local").generations
    ids: list[str] = []
    for number in range(ROUNDS):
        ids += [me.submit(f"round {number} prompt {one}", nonce=f"{number}-{one}").id for one in range(STREAMS)]
        with worker(tmp_path, relay) as process:
            wanted = (number + 1) * STREAMS // 2
            wait_until(partial(posted, relay, wanted))
            time.sleep(chance.uniform(0.0, 1.0))  # chance is what is tested: a kill at any moment
            process.send_signal(signal.SIGKILL)

    with worker(tmp_path, relay):
        wait_until(lambda: all(me.get(id).state in ENDED for id in ids))

    assert max(relay.posts.values()) == 1
    assert {me.get(id).prompt for id in ids} >= set(relay.posts)
    for id in ids:
        kept = me.get(id)
        assert relay.text.startswith(kept.content)
        assert kept.state in {State.DONE, State.INCOMPLETE, State.UNKNOWN}
        if kept.state is State.DONE:
            assert kept.content == relay.text
