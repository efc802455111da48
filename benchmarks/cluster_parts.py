"""The parts of benchmarks/cluster.py, processes all: Postgres, object store, endpoint, workers, servers, proxy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import ground
from db import workers
from db.database import Database
from services.media.far import far_store
from tests.media.films import shoot
from tests.object_store import ObjectStore
from tests.postgres import PostgresServer

CADDYFILE = """{
	admin off
	auto_https off
}
http://127.0.0.1:%d {
	reverse_proxy %s {
		lb_policy cookie dailies_replica
		health_uri /readyz
		health_interval 5s
		flush_interval -1
	}
}
"""


@dataclass(slots=True)
class Worker:
    """A worker process and the name it took."""

    name: str
    process: subprocess.Popen[bytes]


@dataclass(slots=True)
class Cluster:
    """One arrangement on a database of its own."""

    postgres: PostgresServer
    url: str
    base_url: str
    media_url: str
    slots: int
    limit: int
    folder: Path
    stack: ExitStack
    database: Database = field(init=False)
    workers: list[Worker] = field(default_factory=list)
    servers: list[ground.Server] = field(default_factory=list)
    proxy: ground.Server | None = None

    def __post_init__(self) -> None:
        self.database = Database(self.url)
        self.database.upgrade()

    def environment(self, name: str) -> dict[str, str]:
        """Return what every process of ours is told; each has a data folder of its own."""
        ours = {
            "HOME": str(self.folder / name),
            "DATABASE_URL": self.url,
            "MEDIA_URL": self.media_url,
            "BASE_URL": self.base_url,
            "CONCURRENCY": str(self.limit),
            "PERSON_CONCURRENCY": str(self.limit),
            "ENDPOINT_CONCURRENCY": str(self.limit),
            "WORKER_CONCURRENCY": str(self.slots),
            "UNDO_SECONDS": "0",
            "SECRET_KEY": "one for all of them",
        }
        return {f"DAILIES_{name}": value for name, value in ours.items()}

    def begin_worker(self) -> Worker:
        """Start a worker and return it once it beats."""
        known = self.names()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "services.commands", "worker"],
            cwd=ground.PROJECT,
            env=clean | self.environment(f"worker-{len(self.workers)}"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ground.wait_until(lambda: self.names() - known, 60)
        worker = Worker(next(iter(self.names() - known)), process)
        self.workers.append(worker)
        return worker

    def begin_server(self) -> None:
        """Start a server that only shows."""
        port = ground.free_port()
        url, told = f"http://127.0.0.1:{port}", self.environment(f"server-{port}") | {"DAILIES_WORKER_CONCURRENCY": "0"}
        command = ["-m", "pages.shared.web.serve", "127.0.0.1", str(port)]
        self.servers.append(self.stack.enter_context(ground.process(command, url, "/healthz", told)))

    def begin_proxy(self) -> None:
        """Start Caddy before the servers, where there is one: it sends a browser to the same one each time."""
        program = os.environ.get("CADDY") or shutil.which("caddy")
        if program is None:
            return
        port, file = ground.free_port(), self.folder / "Caddyfile"
        upstreams = " ".join(server.url.removeprefix("http://") for server in self.servers)
        file.write_text(CADDYFILE % (port, upstreams))
        command = [program, "run", "--adapter", "caddyfile", "--config", str(file)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        self.proxy = ground.Server(process.pid, f"http://127.0.0.1:{port}")
        ground.wait_until(lambda: ground.reachable(f"http://127.0.0.1:{port}/healthz"), 30)

    def used(self) -> dict[str, float]:
        """Return the processor seconds of all workers that live, of the servers, the proxy and Postgres so far."""
        workers = sum(ground.cpu_seconds(one.process.pid) for one in self.workers if one.process.poll() is None)
        found = {"the workers": workers, "Postgres": ground.cpu_seconds(self.postgres.pid)}
        if self.servers:
            found["the servers"] = sum(ground.cpu_seconds(one.pid) for one in self.servers)
        if self.proxy is not None:
            found["the proxy"] = ground.cpu_seconds(self.proxy.pid)
        return found

    def names(self) -> set[str]:
        """Return every worker that is known."""
        with self.database.reading() as session:
            return {one.id for one in workers.all(session)}

    def close(self) -> None:
        """Stop the workers; the rest is stopped by whoever gave the stack."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.wait(60)
        self.database.close()


@dataclass(frozen=True, slots=True)
class Ground:
    """What all arrangements share."""

    postgres: PostgresServer
    media_url: str
    base_url: str


@contextmanager
def shared(programs: Path, folder: Path) -> Iterator[Ground]:
    """Run Postgres, which waits for the disk as it would anywhere, the store if there is one, and the endpoint."""
    film = folder / "film.mp4"
    shoot(film)
    with ExitStack() as stack:
        postgres = PostgresServer(programs, durable=True)
        postgres.start()
        stack.callback(postgres.stop)
        media_url = ""
        program = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
        if program is not None:
            store = ObjectStore(program)
            stack.callback(store.stop)
            os.environ.update(store.environment)
            store.wait(far_store("s3://films/probe"))
            media_url = "s3://films/cluster"
        yield Ground(postgres, media_url, stack.enter_context(ground.endpoint(film)))


@contextmanager
def arranged(on: Ground, count: int, slots: int, *, servers: int = 0) -> Iterator[Cluster]:
    """Run so many workers, and servers behind a proxy, on a database of their own."""
    name = f"cluster_{uuid.uuid4().hex}"
    on.postgres.execute(f"CREATE DATABASE {name}")
    folder = Path(os.environ.get("TMPDIR", "/tmp"), name)  # noqa: S108 - a name nobody guesses
    folder.mkdir(mode=0o700)
    with ExitStack() as stack:
        stack.callback(on.postgres.execute, f"DROP DATABASE {name} WITH (FORCE)")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        limit, url = slots * count, on.postgres.url(name)
        cluster = Cluster(on.postgres, url, on.base_url, on.media_url, slots, limit, folder, stack)
        for _ in range(servers):
            cluster.begin_server()
        if servers:
            cluster.begin_proxy()
        stack.callback(cluster.close)
        for _ in range(count):
            cluster.begin_worker()
        yield cluster
