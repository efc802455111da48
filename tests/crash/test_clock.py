"""A clock that jumps while prompts are held and answers come: nothing waits for it, nothing ends by it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from db.database import Database
from services.clock import utc_now
from services.usage.reading import Reach, Usage
from tests.crash.clock import Clock
from tests.crash.ledger import Ledger
from tests.crash.relay import Relay, Script
from tests.crash.server import CreatePage, Server
from tests.waiting import wait_until

UNDO_SECONDS, IDLE_SECONDS = 2.5, 2.0
SLACK_SECONDS = 20.0  # of a busy machine; a jump is of hours
JUMPS = {"2 h back": "-2h", "1 day ahead": "+1d"}


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "home")


@pytest.fixture
def server(tmp_path: Path, relay: Relay, clock: Clock) -> Iterator[Server]:
    limits = {"DAILIES_UNDO_SECONDS": str(UNDO_SECONDS), "DAILIES_IDLE_SECONDS": str(IDLE_SECONDS)}
    with Server(tmp_path / "home", relay.base_url, clock.environment | limits) as server:
        server.start()
        yield server


def pressed(server: Server, ledger: Ledger, relay: Relay, words: str, script: Script) -> float:
    """Send by the server's own page, wait for its row, and return the moment before the click."""
    relay.scripts[words] = script
    server.type_draft(words)
    with CreatePage(server.url) as page:
        clicked = time.monotonic()
        page.press("generate")
        wait_until(lambda: ledger.states([words]))
    return clicked


def jump(server: Server, ledger: Ledger, clock: Clock, offset: str) -> None:
    """Set the server's clock and wait until it goes by it."""
    hours = {"+0": 0, "-2h": -2, "+1d": 24}[offset]

    def noticed() -> bool:
        server.type_draft("what time is it?")
        [(said,)] = ledger.ask("SELECT updated_at FROM drafts")
        off = dt.datetime.fromisoformat(str(said)).replace(tzinfo=dt.UTC) - dt.datetime.now(dt.UTC)
        return abs(off - dt.timedelta(hours=hours)) < dt.timedelta(minutes=30)

    clock.set(offset)
    wait_until(noticed, seconds=30, step_seconds=0.1)


def done(ledger: Ledger, words: str) -> bool:
    return ledger.states([words]) == ["done"]


@pytest.mark.parametrize("offset", JUMPS.values(), ids=list(JUMPS))
def test_a_jump_matters_to_nothing(server: Server, ledger: Ledger, relay: Relay, clock: Clock, offset: str) -> None:
    streamed = Script(deltas=300)  # six seconds: longer than its silence limit, and across the jump
    pressed(server, ledger, relay, "across the jump", streamed)
    wait_until(lambda: len(streamed.sent) > 5)
    script = Script(deltas=5)
    clicked = pressed(server, ledger, relay, "held at the jump", script)

    jump(server, ledger, clock, offset)

    wait_until(lambda: ledger.states(["held at the jump"]) == ["done"])
    assert UNDO_SECONDS <= script.sent[0][0] - clicked < UNDO_SECONDS + SLACK_SECONDS
    wait_until(lambda: ledger.states(["across the jump"]) == ["done"])

    began = pressed(server, ledger, relay, "then silence", Script(deltas=3, gap_seconds=0.0, hold_done=True))
    relay.hold()
    wait_until(lambda: ledger.states(["then silence"]) == ["incomplete"])
    assert time.monotonic() - began < UNDO_SECONDS + IDLE_SECONDS + SLACK_SECONDS
    assert ledger.ask("SELECT error_code FROM generations WHERE prompt = 'then silence'") == [("idle",)]

    assert list(ledger.kept()) == ["across the jump", "held at the jump", "then silence"]  # in the order they were sent
    times = [float(str(row[0])) for row in ledger.ask("SELECT duration_seconds FROM generations")]
    assert all(0 < seconds < 60 for seconds in times)
    assert max(script.posts for script in relay.scripts.values()) == 1


def test_usage_counts_each_once_whatever_the_clock_says(
    server: Server, ledger: Ledger, relay: Relay, clock: Clock
) -> None:
    for number, offset in enumerate(["+0", "-2h", "+1d", "+0"]):
        jump(server, ledger, clock, offset)
        words = f"by clock {number}"
        pressed(server, ledger, relay, words, Script(deltas=3, gap_seconds=0.0))
        wait_until(partial(done, ledger, words))

    database = Database(f"sqlite:///{ledger.file}")
    try:
        usage = Usage("local", database)
        sums = usage.sums(usage.span(Reach.MONTH, utc_now() + dt.timedelta(days=2)))
    finally:
        database.close()
    assert sum(one.generations for one in sums) == 4
    assert len({one.bucket for one in sums}) > 1, "a day further on"
