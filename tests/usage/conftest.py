"""The store's fixtures."""

from tests.postgres import database, database_url, postgres_server

__all__ = ["database", "database_url", "postgres_server"]
