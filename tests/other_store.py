"""The runtimes of tests on a Postgres instead of SQLite, for a run by hand (much is tested on both anyway):

DAILIES_TEST_DATABASE_URL=postgresql://postgres@127.0.0.1/postgres python3 run.py test tests/jobs tests/pages
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import make_url

SERVER = os.environ.get("DAILIES_TEST_DATABASE_URL")  # read before a fixture takes every DAILIES_* away


@contextmanager
def other_store() -> Iterator[str | None]:
    """Yield the address of an empty database on that server; None where none is named: then it is SQLite."""
    if SERVER is None:
        yield None
        return
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
