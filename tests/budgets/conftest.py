"""A runtime that sends nothing by itself, before a relay of ours, and both stores."""

from tests.jobs.conftest import relay, run
from tests.postgres import database, database_url, postgres_server

__all__ = ["database", "database_url", "postgres_server", "relay", "run"]
