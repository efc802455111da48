"""Moving an installation: its database from SQLite to Postgres, its videos between data folder and object store."""
