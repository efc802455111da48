"""What the faults of disk and database share: a server, a folder of its own, and what came of a prompt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.states import State
from services.generations import Generation
from services.runtime import start
from services.settings import Settings
from tests.fault_server import FaultServer
from tests.faults.canary import hits
from tests.faults.house import charged, lost
from tests.faults.means import WORDS, submit
from tests.faults.results import Result
from tests.faults.shed import Shed, shed
from tests.faults.telling import Told


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(text=WORDS) as server:
        yield server


@pytest.fixture
def made(tmp_path: Path, server: FaultServer) -> Iterator[Shed]:
    with shed(tmp_path, server) as one:
        yield one


def result(id: str, outcome: str, told: Told, generation: Generation | None, server: FaultServer) -> Result:
    """Put together what came of it; `told` is what a person reads while the trouble lasts."""
    return Result(
        id=id,
        outcome=outcome,
        maybe_charged=charged(generation) if generation else False,
        posts=server.posts,
        lost_text=generation is not None and lost(server.sent_pieces, generation.content),
        sentence_en=told.en,
        sentence_zh=told.zh,
        canary_hits=hits(told.screen),
    )


def done_once(one: Shed, name: str = "first") -> Generation:
    """Have the folder hold one finished answer, written and closed."""
    runtime = start(Settings.from_environment(one.environment), executes=False)
    me = runtime.for_person("local")
    sent = submit(me, name)
    runtime.execute(sent.id)
    kept = me.generations.get(sent.id)
    runtime.close()
    assert (kept.state, kept.content) == (State.DONE, WORDS)
    return kept
