"""Several real processes on one Postgres: workers that are killed, stopped and started again, and viewers elsewhere."""
