"""Worker processes on one Postgres, and this process as a server that only shows: it submits, looks and watches."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import select

from db import workers
from db.database import Database
from db.records import Generation, Video
from db.states import State
from db.tables import VideoRow
from services.generations.use_cases import Generations
from services.runtime import start
from services.settings import Settings
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
AT_ONCE = 3  # of one person, over all workers


class Worker:
    """A process, and the name it takes."""

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self.process = process
        self.name = name

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.wait()

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        self.process.terminate()

    def ended(self) -> bool:
        """Whether it is gone."""
        return self.process.poll() is not None


class Cluster:
    """All share one data folder but for the runtime of this process."""

    def __init__(self, url: str, home: Path, base_url: str) -> None:
        settings = Settings(
            home=home / "page",
            base_url=base_url,
            database_url=url,
            undo_seconds=0.0,
            worker_concurrency=0,
            secret_key="one for all of them",
        )
        self.runtime = start(settings)
        self.me = self.runtime.for_person("local")
        self.generations: Generations = self.me.generations
        self.database = Database(url)
        self._log = home / "workers.log"
        ours = {
            "HOME": home / "work",
            "DATABASE_URL": url,
            "BASE_URL": base_url,
            "PERSON_CONCURRENCY": AT_ONCE,
            "FREE_FLOOR_BYTES": 0,
            "SECRET_KEY": "one for all of them",
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
        self._environment = clean | {f"DAILIES_{name}": str(value) for name, value in ours.items()}
        self._workers: list[Worker] = []

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.only(0)
        self.database.close()
        self.runtime.close()

    def begin(self, **settings: Any) -> Worker:
        """Start one more worker; return it when it shows its heartbeat."""
        known = self.names()
        more = {f"DAILIES_{name.upper()}": str(value) for name, value in settings.items()}
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "services.commands", "worker"],
                cwd=PROJECT,
                env=self._environment | more,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: process.poll() is not None or self.names() - known, seconds=150)
        assert process.poll() is None, self._log.read_text("utf-8")[-3000:]
        worker = Worker(process, next(iter(self.names() - known)))
        self._workers.append(worker)
        return worker

    def only(self, count: int) -> list[Worker]:
        """Have exactly so many workers run, fresh ones where they are missing; return them."""
        alive = [worker for worker in self._workers if not worker.ended()]
        for worker in alive[count:]:
            worker.ask_to_stop()
        for worker in alive[count:]:
            worker.process.wait(30)
        for _ in range(count - len(alive)):
            self.begin()
        self._workers = [worker for worker in self._workers if not worker.ended()]
        return self._workers

    def names(self) -> set[str]:
        """Return every worker that is known."""
        with self.database.reading() as session:
            return {one.id for one in workers.all(session)}

    def submit(self, *prompts: str) -> dict[str, str]:
        """Send prompts; return their ids."""
        return {prompt: self.generations.submit(prompt, nonce=prompt).id for prompt in prompts}

    def of(self, worker: Worker, ids: dict[str, str], state: State = State.STREAMING) -> list[Generation]:
        """Return what a worker has in this state."""
        found = map(self.generations.get, ids.values())
        return [one for one in found if one.worker == worker.name and one.state is state]

    def fetching(self, id: str) -> str | None:
        """Return the name of the worker that saves a video of this generation."""
        with self.database.reading() as session:
            return session.scalar(select(VideoRow.worker).where(VideoRow.generation_id == id))

    def video(self, id: str) -> Video | None:
        """Return a generation's first video."""
        return next(iter(self.generations.get(id).videos), None)
