"""The same runtime, its engine included, on SQLite and on Postgres, by one setting."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from db.states import ENDED, State
from services.runtime import start
from services.settings import Settings
from tests.jobs.relay import Relay
from tests.waiting import wait_until


def test_a_prompt_becomes_a_kept_answer(database_url: str, tmp_path: Path, relay: Relay) -> None:
    settings = Settings(home=tmp_path, base_url=relay.base_url, database_url=database_url, undo_seconds=0.0)
    runtime = start(settings)
    try:
        mine = runtime.for_person("local").generations
        sent = mine.submit("on either store", nonce="n")
        wait_until(lambda: mine.get(sent.id).state in ENDED)
        assert (mine.get(sent.id).state, mine.get(sent.id).content) == (State.DONE, relay.text)
        assert relay.posts == {"on either store": 1}
        assert runtime.health()
    finally:
        runtime.close()


def test_a_server_may_stop_it_within_its_event_loop(database_url: str, tmp_path: Path, relay: Relay) -> None:
    """The lifespan of a server does; the engine's own calls refuse to work there."""
    settings = Settings(home=tmp_path, base_url=relay.base_url, database_url=database_url, undo_seconds=0.0)
    runtime = start(settings)
    mine = runtime.for_person("local").generations
    sent = mine.submit("once more on either store", nonce="n")
    wait_until(lambda: mine.get(sent.id).state in ENDED)
    refused: list[Exception] = []

    async def leave() -> None:
        try:
            runtime.close()
        except Exception as error:  # whatever it is, it is told below
            refused.append(error)
            raise

    server = threading.Thread(target=asyncio.run, args=(leave(),))
    server.start()
    server.join(60)

    assert refused == []
    assert not server.is_alive()
