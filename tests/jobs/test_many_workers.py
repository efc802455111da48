"""Several workers, real processes, on one Postgres: limits hold over all, and nothing is lost or sent twice."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from db import workers
from db.database import Database
from db.states import ENDED, State
from services.runtime import start
from services.settings import Settings
from tests.jobs.relay import Relay
from tests.postgres import PostgresServer
from tests.waiting import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
PROJECT = Path(__file__).resolve().parents[2]
AT_ONCE = 3


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    name = f"many_{uuid.uuid4().hex}"
    postgres_server.execute(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def worker(url: str, home: Path, base_url: str) -> subprocess.Popen[bytes]:
    """Start a worker process."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    ours = {"HOME": str(home), "DATABASE_URL": url, "BASE_URL": base_url, "PERSON_CONCURRENCY": str(AT_ONCE)}
    command = [sys.executable, "-m", "services.commands", "worker"]
    env = clean | {f"DAILIES_{name}": value for name, value in ours.items()}
    return subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.id for one in workers.all(session)]


def test_a_killed_workers_streams_are_told_and_all_that_waits_goes_on_elsewhere(url: str, tmp_path: Path) -> None:
    database = Database(url)
    database.upgrade()
    with Relay(deltas=40, gap_seconds=0.05).running() as relay:
        processes: dict[str, subprocess.Popen[bytes]] = {}
        settings = Settings(home=tmp_path / "page", base_url=relay.base_url, database_url=url, undo_seconds=0.0)
        runtime = start(settings, executes=False)
        mine = runtime.for_person("local").generations
        try:
            for home in ("one", "one", "two"):  # two of them share a data folder
                begun = worker(url, tmp_path / home, relay.base_url)
                processes[_new(database, processes)] = begun
            ids = [mine.submit(f"prompt {number}", nonce=str(number)).id for number in range(18)]

            def busy() -> list[str]:
                return [str(one.worker) for one in map(mine.get, ids) if one.state is State.STREAMING]

            wait_until(busy, seconds=30)
            processes[busy()[0]].kill()
            wait_until(lambda: all(mine.get(id).state in ENDED for id in ids), seconds=90)

            states = [mine.get(id).state for id in ids]
            assert set(states) <= {State.DONE, State.INCOMPLETE, State.UNKNOWN}
            assert states.count(State.DONE) >= len(ids) - AT_ONCE
            assert set(relay.posts.values()) == {1}
            assert len(relay.posts) == len(ids)
            assert relay.most_at_once <= AT_ONCE
            assert len(names(database)) == 2
        finally:
            runtime.close()
            for process in processes.values():
                process.terminate()
            for process in processes.values():
                process.wait(20)
            database.close()


def _new(database: Database, known: Collection[str]) -> str:
    """Wait for one more worker; return its name."""
    wait_until(lambda: len(names(database)) > len(known), seconds=60)
    return next(name for name in names(database) if name not in known)
