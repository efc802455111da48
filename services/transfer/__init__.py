"""Moving an installation: its database from SQLite to Postgres."""
