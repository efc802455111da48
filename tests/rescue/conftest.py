"""The runtime, relay and hosts of the neighbours."""

from tests.jobs.conftest import me, relay, run
from tests.media.conftest import film, host, policy
from tests.postgres import database, database_url, postgres_server

__all__ = ["database", "database_url", "film", "host", "me", "policy", "postgres_server", "relay", "run"]
