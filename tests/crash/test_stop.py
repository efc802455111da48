"""SIGTERM, and two servers on one data folder: nothing is lost at a farewell, nothing is sent by two."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.crash.lateness import Lateness
from tests.crash.ledger import Ledger
from tests.crash.points import STREAMS, Round, many
from tests.crash.relay import Relay, Script
from tests.crash.server import CreatePage, Server
from tests.crash.verdict import judge, tail
from tests.waiting import wait_until

STOP_SECONDS = 30.0  # ten on a machine that is not busy; the answers would have lasted forty


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "home")


def begun(name: str, relay: Relay, server: Server, ledger: Ledger) -> Round:
    server.start()
    return Round(number=0, point=name, chance=random.Random(1), relay=relay, server=server, ledger=ledger)


def test_a_stop_saves_every_word_and_ends_by_itself(
    relay: Relay, serve: Callable[..., Server], ledger: Ledger, lateness: Lateness
) -> None:
    server = serve()
    round = begun("sigterm", relay, server, ledger)
    round.send(many(deltas=2000))
    round.wait(lambda script: len(script.sent) > 20)
    with CreatePage(server.url):  # an open page must not keep the server
        round.killed_at = server.terminate(STOP_SECONDS)

    stored = ledger.kept()
    assert [stored[words].state for words in round.prompts] == ["incomplete"] * STREAMS
    assert ledger.ask("SELECT DISTINCT error_code FROM generations") == [("shutdown",)]
    tails = [tail(round, words, stored[words]) for words in round.prompts]
    assert max(tails) <= 0.05 + lateness.before(round.killed_at)  # what was on its way at that very moment

    round.before = ledger.finished()
    server.start()
    wait_until(ledger.settled)
    assert judge(round).faults() == {}


def test_a_second_server_serves_and_takes_over_when_the_first_dies(
    relay: Relay, serve: Callable[..., Server], ledger: Ledger
) -> None:
    first, second = serve(), serve()
    round = begun("two servers", relay, first, ledger)
    second.start()

    words = round.prompt("by the second's page", Script(deltas=5))
    second.type_draft(words)
    with CreatePage(second.url) as page:
        page.press("generate")
        wait_until(lambda: ledger.states([words]) == ["done"])
    round.prompts.append(words)

    round.send(many(deltas=3000))  # a minute: they still run when the waiting ones have been typed
    round.wait(lambda script: len(script.sent) >= 5)
    waiting = [round.prompt(f"waiting {number}", Script(deltas=5)) for number in range(3)]
    for words in waiting:
        second.type_draft(words)
        with CreatePage(second.url) as page:
            page.press("generate")
            wait_until(partial(ledger.states, [words]))
    assert ledger.states(waiting) == ["queued"] * 3
    round.prompts += waiting
    round.kill()

    wait_until(ledger.settled)  # by the second alone
    assert ledger.states(waiting) == ["done"] * 3
    first.start()  # and the first is the second now
    words = round.prompt("after all", Script(deltas=5))
    first.type_draft(words)
    with CreatePage(first.url) as page:
        page.press("generate")
        wait_until(lambda: ledger.states([words]) == ["done"])
    round.prompts.append(words)
    assert judge(round).faults() == {}
